import type { AnswerCell } from '../../domain/answers/plan-answers.js';
import type { EditProblem } from '../../domain/edit/problem.js';
import { columnLetters } from '../../domain/fields/find-columns.js';
import { groupBy } from '../../domain/group-by.js';
import { type Problem, problemText } from '../../domain/problem.js';
import { err, ok } from '../../domain/result.js';
import type { AnswerSheet, OpenedSheet, WrittenAnswers } from '../../flows/ports/answer-sheet.js';
import type { SheetError } from '../../flows/ports/sheet.js';
import { rangeOf } from './a1.js';
import { createGoogleApi, type GoogleAccess } from './google-api.js';
import { createGoogleTabs } from './google-tab.js';

/** A range that goes on over cells that stay is shorter than two. */
const longestGap = 20;
/** Keeps a first write into a very long sheet below the 2 MB that Google recommends. */
const mostCells = 30_000;
/** A batch with a protected cell is refused as a whole, and split to find it; this many calls leave a minute's quota. */
const mostCalls = 24;

interface Stretch {
  readonly column: number;
  readonly first: number;
  readonly cells: AnswerCell['value'][][];
}

/** Down one column after another; `null` leaves a cell as it is. */
function stretchesOf(cells: readonly AnswerCell[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [column, ofColumn] of groupBy(cells, (cell) => cell.column)) {
    let last: (Stretch & { cells: (AnswerCell['value'] | null)[][] }) | undefined;
    for (const { row, value } of ofColumn) {
      const gap = last === undefined ? Number.POSITIVE_INFINITY : row - last.first - last.cells.length;
      if (last === undefined || gap > longestGap) {
        last = { column, first: row, cells: [] };
        stretches.push(last);
      } else {
        for (let skipped = 0; skipped < gap; skipped += 1) last.cells.push([null]);
      }
      last.cells.push([value]);
    }
  }
  return stretches;
}

function bodyOf(tab: string, cells: readonly AnswerCell[]): object {
  const data = stretchesOf(cells).map(({ column, first, cells: values }) => {
    const letters = columnLetters(column);
    const range = `${rangeOf(tab)}!${letters}${first}:${letters}${first + values.length - 1}`;
    return { range, majorDimension: 'ROWS', values };
  });
  // RAW: a sentence may quote what a trader wrote, and no text of his may run as a formula.
  return { valueInputOption: 'RAW', data };
}

/** What passes by itself needs nobody's hand. */
const passing: readonly (EditProblem | SheetError)['kind'][] = ['lost', 'quota', 'unavailable'];

const told = (problem: EditProblem | SheetError): Problem =>
  passing.includes(problem.kind)
    ? { message: problem.message, remedy: 'the next check writes what is missing' }
    : problem;

/** By whole rows, so that a row is named once. */
function halves(cells: readonly AnswerCell[]): readonly (readonly AnswerCell[])[] {
  const rows = [...new Set(cells.map(({ row }) => row))].toSorted((a, b) => a - b);
  const middle = rows[Math.ceil(rows.length / 2)];
  if (middle === undefined || rows.length === 1) return [];
  return [cells.filter(({ row }) => row < middle), cells.filter(({ row }) => row >= middle)];
}

function piecesOf(cells: readonly AnswerCell[]): readonly (readonly AnswerCell[])[] {
  const pieces: (readonly AnswerCell[])[] = [];
  for (let at = 0; at < cells.length; at += mostCells) pieces.push(cells.slice(at, at + mostCells));
  return pieces;
}

function rowsText(cells: readonly AnswerCell[]): string {
  const rows = cells.map(({ row }) => row);
  const [first, last] = [Math.min(...rows), Math.max(...rows)];
  return first === last ? `row ${first}` : `rows ${first} to ${last}`;
}

/** Needs a share as an editor, and asks for the scope that may write. Nothing is sent twice: the next check looks again. */
export function createGoogleAnswers(settings: GoogleAccess): AnswerSheet {
  const { tab } = settings;
  const access: GoogleAccess = { ...settings, retries: 0 };
  const api = createGoogleApi(access, 'edit');
  const tabs = createGoogleTabs(access, api);

  async function write(cells: readonly AnswerCell[], mayGoOn: () => boolean): Promise<WrittenAnswers> {
    const batches = [...piecesOf(cells)];
    const refused: string[] = [];
    let written = 0;
    for (let calls = 0; batches.length > 0; calls += 1) {
      if (calls === mostCalls || !mayGoOn()) {
        refused.push(...batches.map((batch) => `${rowsText(batch)}: not written yet; the next check goes on`));
        break;
      }
      const batch = batches.shift() ?? [];
      const answer = await api.post('/values:batchUpdate', [['fields', 'totalUpdatedCells']], bodyOf(tab, batch));
      if (answer.ok) {
        written += batch.length;
      } else if (answer.error.kind === 'protected') {
        const split = halves(batch);
        if (split.length === 0) refused.push(`${rowsText(batch)}: ${problemText(answer.error)}`);
        batches.push(...split);
      } else {
        refused.push(problemText(told(answer.error)));
        break;
      }
    }
    return { written, refused };
  }

  return {
    async open() {
      const read = await tabs.read();
      if (!read.ok) return err(told(read.error));
      const { grid, table } = read.value;
      const opened: OpenedSheet = {
        table,
        holdsFormula: (column) => grid.some((row) => row[column]?.formula !== undefined || row[column]?.isSpilled),
        write,
      };
      return ok(opened);
    },
  };
}
