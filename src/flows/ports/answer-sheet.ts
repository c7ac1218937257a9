import type { AnswerCell } from '../../domain/answers/plan-answers.js';
import type { Table } from '../../domain/columns.js';
import type { Problem } from '../../domain/problem.js';
import type { Result } from '../../domain/result.js';

export interface WrittenAnswers {
  /** Cells. */
  readonly written: number;
  /** What was not written and why, a sentence each; rows are named. */
  readonly refused: readonly string[];
}

/** The alerts' tab, read a moment before it is written. */
export interface OpenedSheet {
  /** As a check reads it. */
  readonly table: Table;
  /** In such a column nothing may be written: who sorts the rows meanwhile brings the formula under the write. */
  holdsFormula(column: number): boolean;
  /** These cells and no others. What is refused leaves the rest to be written. `mayGoOn` false: no further call is made. */
  write(cells: readonly AnswerCell[], mayGoOn: () => boolean): Promise<WrittenAnswers>;
}

/** Where the sheet takes answers. Asks for the right to write only when it is opened. */
export interface AnswerSheet {
  open(): Promise<Result<OpenedSheet, Problem>>;
}
