import type { FiredAlert, Untold } from '../summary.js';

/** What became of one batch of messages that a check rang: the worker's one log line. */
export interface DeliveryReport {
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly messages: number;
  readonly fired: readonly FiredAlert[];
  readonly untold: readonly Untold[];
  /** Alerts whose fire was told by then, or that are told by somebody else, or that wait for a later time. */
  readonly nothingToDo: readonly string[];
  /** Alerts that are rung for again, for when they may be sent again. */
  readonly rungAgain: readonly string[];
  /** Alerts whose messages come again, after a fault of the surroundings or for lack of time. */
  readonly unfinished: readonly string[];
  /** Messages that nobody can read: what was expected, and what came. */
  readonly dropped: readonly string[];
  /** Faults that stopped nothing else. */
  readonly problems: readonly string[];
}
