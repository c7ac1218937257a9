import type { Acknowledgement, ChangeRecord, FireRecord, HistoryRecord } from '../../domain/history.js';

/** A stretch of time and whose records of it are wanted. Instants in ms; `to` is no part of it. */
export interface HistoryQuery {
  readonly from: number;
  readonly to: number;
  readonly alertId?: string;
  readonly user?: string;
  /** The newest of them only. */
  readonly atMost?: number;
}

export interface HistoryPage {
  /** From the oldest on. */
  readonly records: readonly HistoryRecord[];
  /** Items that were edited by hand into nonsense. */
  readonly unreadable: readonly { readonly id: string; readonly message: string }[];
}

/** What happened, kept for the owner's number of days. Every write may be made again: it is then the same item. */
export interface History {
  /** Before the fire's commit. Of a fire that is there already, what has accepted since is added. */
  noteFire(fire: FireRecord): Promise<void>;
  /** After the changes. */
  noteChanges(changes: readonly ChangeRecord[]): Promise<void>;
  /** False where the fire is not, or no longer, in the history. */
  noteAcknowledged(acknowledgement: Acknowledgement): Promise<boolean>;
  read(query: HistoryQuery): Promise<HistoryPage>;
}
