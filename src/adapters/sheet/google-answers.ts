import { err, ok } from '../../domain/result.js';
import type { AnswerSheet } from '../../flows/ports/answer-sheet.js';
import { writeAnswers } from './google-answer-write.js';
import { createGoogleApi, type GoogleAccess } from './google-api.js';
import { forNextCheck } from './google-failure.js';
import { createGoogleTabs } from './google-tab.js';

/** Needs a share as an editor, and asks for the scope that may write. A read that fails is left to the next check. */
export function createGoogleAnswers(settings: GoogleAccess): AnswerSheet {
  const { tab } = settings;
  const access: GoogleAccess = { ...settings, retries: 0 };
  const api = createGoogleApi(access, 'edit');
  const tabs = createGoogleTabs(access, api);
  return {
    async open() {
      const read = await tabs.read();
      if (!read.ok) return err(forNextCheck(read.error));
      const { grid, table, protectedRanges } = read.value;
      return ok({
        table,
        holdsFormula: (column) => grid.some((row) => row[column]?.formula !== undefined || row[column]?.isSpilled),
        write: (cells, mayGoOn) => writeAnswers({ api, tab, mayGoOn }, cells, protectedRanges),
      });
    },
  };
}
