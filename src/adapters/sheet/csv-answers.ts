import type { AnswerCell } from '../../domain/answers/plan-answers.js';
import { decimalText } from '../../domain/number-text.js';
import { problemText } from '../../domain/problem.js';
import { ok } from '../../domain/result.js';
import type { AnswerSheet, OpenedSheet } from '../../flows/ports/answer-sheet.js';
import { readCsvText, saveCsvText } from './csv-editor.js';
import { withCells } from './csv-text.js';

const textOf = (value: AnswerCell['value']): string => (typeof value === 'number' ? decimalText(value) : value);

/** For a file in place of the sheet: every other character stays, and a file that was changed meanwhile is left as it is. */
export function createCsvAnswers(path: string): AnswerSheet {
  return {
    async open() {
      const read = await readCsvText(path);
      if (!read.ok) return read;
      const { csv, table } = read.value;
      const opened: OpenedSheet = {
        table,
        holdsFormula: (column) => table.some((row) => String(row[column] ?? '').startsWith('=')),
        async write(cells) {
          const changes = cells.map(({ row, column, value }) => ({ row: row - 1, column, value: textOf(value) }));
          const saved = await saveCsvText(read.value, withCells(csv, changes));
          return saved.ok
            ? { written: cells.length, refused: [] }
            : { written: 0, refused: [problemText(saved.error)] };
        },
      };
      return ok(opened);
    },
  };
}
