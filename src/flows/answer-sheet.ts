import type { Alert } from '../domain/alert.js';
import { findAnswerColumns } from '../domain/answer-columns.js';
import { type Answers, answersOf } from '../domain/answers/answers.js';
import type { Looked } from '../domain/answers/looked.js';
import { planAnswers } from '../domain/answers/plan-answers.js';
import { asksForSame } from '../domain/answers/same-rows.js';
import { messageOf } from '../domain/error-message.js';
import { problemText } from '../domain/problem.js';
import { ok } from '../domain/result.js';
import { placeRows } from '../domain/rows.js';
import type { AnswerSheet } from './ports/answer-sheet.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';
import type { AnswersSummary } from './summary.js';
import type { FoundRows } from './sync-sheet.js';

/** What a run knows at its end. */
export interface ToAnswer {
  /** Undefined where no row could be read. */
  readonly found: FoundRows | undefined;
  /** As the run leaves them. */
  readonly alerts: readonly Alert[];
  looked(id: string): Looked | undefined;
}

type AnswersById = (id: string) => Answers | undefined;

const refused = (why: string): AnswersSummary => ({ written: 0, refused: [why] });

/** Rows may have moved since the check read them, so they are read again, and each answer goes to its own. */
async function write(
  sheet: AnswerSheet,
  found: FoundRows,
  alerts: readonly Alert[],
  answersById: AnswersById,
  run: Run,
): Promise<AnswersSummary> {
  const opened = await sheet.open();
  if (!opened.ok) return refused(problemText(opened.error));
  const { table } = opened.value;
  const [header = []] = table;
  const stored = alerts.filter(({ status }) => status !== 'expired');
  const rows = asksForSame(found.table, table) ? ok(found.rows) : placeRows(table, found.reading, stored);
  if (!rows.ok) return refused(rows.error);
  const all = [...findAnswerColumns(header)];
  const filled = all.filter(([, column]) => opened.value.holdsFormula(column));
  const left = filled.map(([title]) => `the column "${title}" holds a formula, and is left alone`);
  const columns = new Map(all.filter((each) => !filled.includes(each)));
  const cells = planAnswers(table, rows.value, columns, answersById);
  if (cells.length === 0) return { written: 0, refused: left };
  if (!run.hasTime()) return refused('the run had no time left to write; the next one does');
  const written = await opened.value.write(cells, () => run.hasTime());
  return { written: written.written, refused: [...left, ...written.refused] };
}

/**
 * The sheet's answer columns, brought up to date; undefined where it has none, or nothing may be written. Only where a
 * cell has to change is anything asked of the sheet, and not before `first` is done. Nothing that fails here fails the run.
 */
export async function answerSheet(
  { sheet, timeZone }: Pick<Ports, 'sheet' | 'timeZone'>,
  { found, alerts, looked }: ToAnswer,
  run: Run,
  first: Promise<unknown> = Promise.resolve(),
): Promise<AnswersSummary | undefined> {
  if (found === undefined || sheet.answers === undefined || run.isDryRun) return undefined;
  const columns = findAnswerColumns(found.table[0] ?? []);
  if (columns.size === 0) return undefined;
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const made = new Map<string, Answers>();
  const answersById: AnswersById = (id) => {
    const known = made.get(id);
    const alert = byId.get(id);
    if (known !== undefined || alert === undefined || alert.status === 'expired') return known;
    const answers = answersOf(alert, looked(id), timeZone);
    made.set(id, answers);
    return answers;
  };
  try {
    if (planAnswers(found.table, found.rows, columns, answersById).length === 0) return { written: 0, refused: [] };
    await first;
    if (!run.hasTime()) return refused('the run had no time left for them; the next one writes them');
    return await write(sheet.answers, found, alerts, answersById, run);
  } catch (error) {
    return refused(messageOf(error));
  }
}
