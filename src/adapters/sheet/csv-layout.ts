import { dirname, join } from 'node:path';
import { exampleRow, missingTitles, newHeader, standingOf, usersHeader } from '../../domain/edit/new-sheet.js';
import type { EditProblem } from '../../domain/edit/problem.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError, SheetLayout } from '../../flows/ports/sheet-editor.js';
import { readCsvText, saveCsvText } from './csv-editor.js';
import { csvLine, findRecords, withCell } from './csv-text.js';

const line = (cells: readonly string[]): string => `${csvLine(cells)}\n`;

/** A file that is not there or empty gets this text; undefined where it has some already. */
async function fill(path: string, text: string): Promise<Result<boolean, EditError>> {
  const found = await readCsvText(path);
  if (!found.ok) return found;
  if (standingOf(found.value.table) !== 'empty') return ok(false);
  const saved = await saveCsvText(found.value, text);
  return saved.ok ? ok(true) : saved;
}

const notEmpty = (path: string): EditProblem => ({
  kind: 'not-empty',
  message: `${path} holds something else already`,
  remedy: 'name another file with --sheet, or write the columns symbol, condition and price into its first line',
});

/** For a file in place of the sheet. `users`: the file of the users, beside it unless it is named. */
export function createCsvLayout(path: string, users = join(dirname(path), 'users.csv')): SheetLayout {
  return {
    async setUp() {
      const found = await readCsvText(path);
      if (!found.ok) return found;
      const standing = standingOf(found.value.table);
      if (standing === 'in-use') return err(notEmpty(path));
      const filled = await fill(path, line(newHeader) + line(exampleRow));
      if (!filled.ok) return filled;
      const done = filled.value
        ? `${path} has its columns, and an example that is paused`
        : `${path} is set up already`;
      const filledUsers = await fill(users, line(usersHeader));
      if (!filledUsers.ok) return filledUsers;
      return ok([done, filledUsers.value ? `${users} has its columns` : `${users} is there already`]);
    },
    async addColumns(titles) {
      const found = await readCsvText(path);
      if (!found.ok) return found;
      const { csv, table } = found.value;
      const missing = missingTitles(table[0] ?? [], titles);
      if (missing.length === 0) return ok([]);
      if (table[0] === undefined) return err(noHeader(path));
      const width = Math.max(...table.map((row) => row.length));
      let { text } = csv;
      for (const [index, title] of missing.entries()) {
        text = withCell({ ...csv, text, records: findRecords(text, csv.delimiter) }, 0, width + index, title);
      }
      const saved = await saveCsvText(found.value, text);
      return saved.ok ? ok(missing) : saved;
    },
  };
}

const noHeader = (where: string): EditProblem => ({
  kind: 'no-such-row',
  message: `${where} has no first line with the columns`,
  remedy: 'make it usable: trading-alerts sheet init',
});
