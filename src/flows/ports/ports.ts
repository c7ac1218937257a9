import type { CandleHistory } from '../candle-history.js';
import type { Summary } from '../summary.js';
import type { AlertStore } from './alert-store.js';
import type { Doorbell } from './doorbell.js';
import type { History } from './history.js';
import type { Log } from './log.js';
import type { Notifiers } from './notifiers.js';
import type { PriceSource } from './price-source.js';
import type { Sheet } from './sheet.js';

export interface Ports {
  readonly sheet: Sheet;
  readonly store: AlertStore;
  readonly exchanges: readonly PriceSource[];
  readonly history: History;
  readonly candleHistory: CandleHistory;
  readonly notifiers: Notifiers;
  /** Where others deliver what is more than a handful; undefined: every run delivers all of it itself. */
  readonly doorbell?: Doorbell | undefined;
  readonly log: Log;
  /** Told of every run at its end; `isComplete` is false where nothing could be checked. */
  readonly metrics: (summary: Summary, isComplete: boolean) => void;
  /** More live alerts than this are too many for one Lambda, by the owner's rule. */
  readonly fanOutThreshold: number;
  /** The owner's, by its IANA name. */
  readonly timeZone: string;
  /** ms since 1970 */
  now(): number;
  newId(): string;
}
