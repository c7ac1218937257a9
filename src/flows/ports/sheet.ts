import type { Table } from '../../domain/columns.js';
import type { Problem } from '../../domain/problem.js';
import type { Result } from '../../domain/result.js';
import type { AnswerSheet } from './answer-sheet.js';

/** A kind exists because a check or the doctor acts differently on it. */
export interface SheetError extends Problem {
  readonly kind:
    | 'no-such-sheet'
    | 'no-such-tab'
    | 'not-shared'
    | 'api-disabled'
    | 'bad-key'
    | 'quota'
    | 'unavailable'
    | 'bad-response';
}

export interface SheetTabs {
  readonly alerts: Table;
  /** `no-such-tab` where there is none. */
  readonly users: Result<Table, SheetError>;
}

/** The users' tab, which a sheet need not have. */
export interface UsersTab {
  /** As its owner knows it. */
  readonly name: string;
  /** Looking for a tab that is not there costs a call; a file is looked for every time. */
  readonly isLookedForHourly: boolean;
  /** In the same call as the alerts. */
  readWithAlerts(): Promise<Result<SheetTabs, SheetError>>;
}

export interface Sheet {
  /** The alerts alone, in one read call; the header row first. */
  read(): Promise<Result<Table, SheetError>>;
  /** Undefined where there is nowhere to look for one. */
  readonly users?: UsersTab;
  /** One column as people see it, `3%` for a number that is shown so. Absent where `read` gives every cell as it is seen. */
  readShown?(column: number): Promise<Result<Table, SheetError>>;
  /** Undefined where it takes none. */
  readonly answers?: AnswerSheet;
}
