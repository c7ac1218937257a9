/** One check: its name, whether it may change anything, and how much time it has. */
export interface Run {
  readonly runId: string;
  readonly startedAt: number;
  /** Nothing is written and nothing pushed. */
  readonly isDryRun: boolean;
  /** How many requests it may have open at the exchanges together. */
  readonly requestsAtATime: number;
  /** False once no further work may be started, because the Lambda is about to be stopped. */
  hasTime(): boolean;
}
