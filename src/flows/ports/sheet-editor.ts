import type { RowCells } from '../../domain/edit/cells.js';
import type { EditContext, RowTarget } from '../../domain/edit/plan-edit.js';
import type { EditProblem } from '../../domain/edit/problem.js';
import type { Result } from '../../domain/result.js';
import type { SheetError } from './sheet.js';

export type EditError = EditProblem | SheetError;

export interface EditedRow {
  /** As a person sees it at the left of the sheet, after the edit; of a removed row, before. */
  readonly row: number;
  /** Of the alert. */
  readonly id: string;
  /** As the row has them now, or had them. */
  readonly shown: string;
  /** False where the row said so already. */
  readonly isChanged: boolean;
  /** What else its owner should know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Edits of single rows; nothing else of the sheet is touched. An error means that the edit is not in the sheet, unless
 * its kind is `look`, and then the message says which row to look at. Edits of one editor wait for each other.
 */
export interface SheetEditor {
  append(cells: RowCells, context: EditContext): Promise<Result<EditedRow, EditError>>;
  /** What is left out of `cells` stays; an empty text empties the cell. */
  change(target: RowTarget, cells: RowCells, context: EditContext): Promise<Result<EditedRow, EditError>>;
  remove(target: RowTarget, context: EditContext): Promise<Result<EditedRow, EditError>>;
}

/** What is done once, when a sheet is new or gets more columns. */
export interface SheetLayout {
  /** Makes an empty sheet usable; one sentence for each thing that was done. */
  setUp(): Promise<Result<readonly string[], EditError>>;
  /** Writes the titles that are missing after the last column, and gives them. */
  addColumns(titles: readonly string[]): Promise<Result<readonly string[], EditError>>;
}
