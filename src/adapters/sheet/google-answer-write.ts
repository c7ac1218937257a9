import * as v from 'valibot';
import type { AnswerCell } from '../../domain/answers/plan-answers.js';
import { columnLetters } from '../../domain/fields/find-columns.js';
import { groupBy } from '../../domain/group-by.js';
import { type Problem, problemText } from '../../domain/problem.js';
import type { WrittenAnswers } from '../../flows/ports/answer-sheet.js';
import { rangeOf } from './a1.js';
import type { GoogleApi } from './google-api.js';
import { forNextCheck } from './google-failure.js';
import { isProtected, type ProtectedRanges } from './google-protection.js';

/** A range that goes on over cells that stay is shorter than two. */
const longestGap = 20;
/** Keeps a first write into a very long sheet below the 2 MB that Google recommends. */
const mostCells = 30_000;
/** A batch with a protected cell is refused as a whole, and split to find it; this many calls leave a minute's quota. */
const mostCalls = 24;
/** A report names so many stretches of rows. */
const mostNamed = 5;

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

/** `row 3`, `rows 3 to 9`, `rows 3, 7 to 8 and more`. */
function rowsText(cells: readonly AnswerCell[]): string {
  const stretches: { first: number; last: number }[] = [];
  for (const row of [...new Set(cells.map((cell) => cell.row))].toSorted((a, b) => a - b)) {
    const before = stretches.at(-1);
    if (before?.last === row - 1) before.last = row;
    else stretches.push({ first: row, last: row });
  }
  const shown = stretches
    .slice(0, mostNamed)
    .map(({ first, last }) => (first === last ? first : `${first} to ${last}`));
  const isOne = stretches.length === 1 && stretches[0]?.first === stretches[0]?.last;
  return `${isOne ? 'row' : 'rows'} ${shown.join(', ')}${stretches.length > mostNamed ? ' and more' : ''}`;
}

/** What `fields` leaves of the answer. */
const countField = 'totalUpdatedCells';
const WrittenBody = v.pipe(v.string(), v.parseJson(), v.object({ [countField]: v.number() }));

const noCount: Problem = {
  message: 'Google Sheets answered with something other than the number of cells',
  remedy: "check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
};

const protectedText = 'protected; let the service account edit the answer columns: Data → Protect sheets and ranges';

/** What became of the cells of one write, and where they go. */
interface Account {
  readonly api: GoogleApi;
  readonly tab: string;
  mayGoOn(): boolean;
  written: number;
  calls: number;
  readonly isProtected: AnswerCell[];
  /** For which no call was left. */
  readonly left: AnswerCell[];
  /** Nothing more can be written. */
  stopped: Problem | undefined;
}

/** True where all of it was written. `isRefused`: that a cell of it is protected is known already. */
async function writeAll(cells: readonly AnswerCell[], account: Account, isRefused = false): Promise<boolean> {
  const { api, tab } = account;
  if (account.stopped !== undefined) return false;
  if (!isRefused) {
    if (account.calls === mostCalls || !account.mayGoOn()) {
      account.left.push(...cells);
      return false;
    }
    account.calls += 1;
    const answer = await api.post('/values:batchUpdate', [['fields', countField]], bodyOf(tab, cells));
    if (answer.ok) {
      const body = v.safeParse(WrittenBody, answer.value);
      if (body.success) account.written += body.output[countField];
      else account.stopped = noCount;
      return body.success;
    }
    if (answer.error.kind !== 'protected') {
      account.stopped = forNextCheck(answer.error);
      return false;
    }
  }
  const [first, second] = halves(cells);
  if (first === undefined || second === undefined) {
    account.isProtected.push(...cells);
    return false;
  }
  const isFirstWritten = await writeAll(first, account);
  await writeAll(second, account, isFirstWritten);
  return false;
}

/** Nothing is sent twice: the next check looks again. */
export async function writeAnswers(
  to: Pick<Account, 'api' | 'tab' | 'mayGoOn'>,
  cells: readonly AnswerCell[],
  ranges: ProtectedRanges,
): Promise<WrittenAnswers> {
  const isFree = ({ row, column }: AnswerCell): boolean => !isProtected(ranges, row - 1, column);
  const account: Account = {
    ...to,
    ...{ written: 0, calls: 0, left: [], stopped: undefined },
    isProtected: cells.filter((cell) => !isFree(cell)),
  };
  for (const piece of piecesOf(cells.filter(isFree))) await writeAll(piece, account);
  const { written, left, stopped } = account;
  const refused = [
    ...(account.isProtected.length === 0 ? [] : [`${rowsText(account.isProtected)}: ${protectedText}`]),
    ...(left.length === 0 ? [] : [`${rowsText(left)}: not written yet; the next check goes on`]),
    ...(stopped === undefined ? [] : [problemText(stopped)]),
  ];
  return { written, refused };
}
