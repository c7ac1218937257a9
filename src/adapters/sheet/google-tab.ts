import { headerName } from '../../domain/columns.js';
import type { EditProblem } from '../../domain/edit/problem.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError } from '../../flows/ports/sheet-editor.js';
import { rangeOf } from './a1.js';
import { createGoogleApi, type GoogleAccess } from './google-api.js';
import { forEdit } from './google-failure.js';
import { readTabs, readUpdatedTabs, type TabSnapshot, tabFields } from './google-grid.js';

/** What became of a write; `isAtOnce`: the snapshot is the write's own answer, so that nobody came between. */
export interface Written {
  readonly tabs: readonly TabSnapshot[];
  readonly isAtOnce: boolean;
}

export interface GoogleTabs {
  /** The tab of the alerts. */
  read(): Promise<Result<TabSnapshot, EditError>>;
  /** Every tab. */
  readAll(): Promise<Result<readonly TabSnapshot[], EditError>>;
  /**
   * All requests or none. Where no answer came, the sheet is read instead, since only it can tell. `tab`: the one that
   * comes back; undefined: all of them.
   */
  write(requests: readonly object[], tab: string | undefined): Promise<Result<Written, EditError>>;
}

/** Reads and writes of whole snapshots, with the scope that may write. */
export function createGoogleTabs(settings: GoogleAccess, api = createGoogleApi(settings, 'edit')): GoogleTabs {
  const readAll: GoogleTabs['readAll'] = async () => {
    const text = await api.get('', [['fields', tabFields]]);
    return text.ok ? readTabs(text.value) : err(forEdit(text.error));
  };
  async function readOne(tab: string): Promise<Result<readonly TabSnapshot[], EditError>> {
    const text = await api.get('', [
      ['ranges', rangeOf(tab)],
      ['fields', tabFields],
    ]);
    return text.ok ? readTabs(text.value) : err(forEdit(text.error));
  }
  return {
    async read() {
      const tabs = await readOne(settings.tab);
      if (!tabs.ok) return tabs;
      const [only] = tabs.value;
      if (only !== undefined) return ok(only);
      return err({ kind: 'no-such-tab', message: `the spreadsheet has no tab "${settings.tab}"` });
    },
    readAll,
    async write(requests, tab) {
      const text = await api.post(':batchUpdate', [['fields', `updatedSpreadsheet(${tabFields})`]], {
        requests,
        includeSpreadsheetInResponse: true,
        ...(tab !== undefined && { responseRanges: [rangeOf(tab)] }),
      });
      const updated = text.ok ? readUpdatedTabs(text.value) : text;
      if (updated.ok) return ok({ tabs: updated.value, isAtOnce: true });
      if (updated.error.kind !== 'lost' && updated.error.kind !== 'bad-response') return err(forEdit(updated.error));
      // A refusal took no effect; only where it may have is the sheet asked.
      if (!text.ok && text.error.kind === 'bad-response') return text;
      const now = await (tab === undefined ? readAll() : readOne(tab));
      return now.ok ? ok({ tabs: now.value, isAtOnce: false }) : err(unseen);
    },
  };
}

const unseen: EditProblem = {
  kind: 'look',
  message: 'Google Sheets did not answer, neither to the edit nor to a look at what became of it',
  remedy: 'look at the sheet before you try again',
};

/** Columns that others write, and that are no sign of a row. */
export const columnsNamed = (table: TabSnapshot['table'], titles: readonly string[]): ReadonlySet<number> => {
  const names = titles.map(headerName);
  return new Set((table[0] ?? []).flatMap((cell, column) => (names.includes(headerName(cell)) ? [column] : [])));
};
