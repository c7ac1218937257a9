import type { Alert, Trigger } from './alert.js';
import type { AccountWaits } from './delivery/backoff.js';
import type { NotFiredReason } from './evaluation.js';
import type { PriceRange } from './evidence/bar.js';
import type { CandleRequest } from './evidence/candle-plan.js';
import type { Verdict } from './evidence/needed-candles.js';
import type { FundingRate } from './funding.js';
import type { FireRecord } from './history.js';
import type { Market } from './market.js';
import type { Price } from './price.js';

/** What a market says now. `distance`: how far the target is away, in percent of the price, or in points of a rate. */
export type SeenNow = { readonly market: Market; readonly at: number; readonly distance: number | undefined } & (
  | { readonly last: Price; readonly day: PriceRange | undefined }
  | { readonly funding: FundingRate }
);

/** Which candles were asked for, or why none were. Instants in ms. */
export interface AskedCandles {
  /** By the last price and the day's range; undefined where the alert is not watched, or has no price. */
  readonly verdict: Verdict | undefined;
  readonly asked: readonly (CandleRequest & { readonly market: Market })[];
  /** The exchange was asked for the extremes since the last check. */
  readonly hasAskedRanges: boolean;
  /** Some that were asked for did not come. */
  readonly isPartial: boolean;
}

/** What the next check would decide, were it now. `waits`: it has fired, and is armed again later. */
export type Foreseen =
  | { readonly kind: 'fires'; readonly trigger: Trigger }
  | { readonly kind: 'silent'; readonly reason: NotFiredReason }
  | { readonly kind: 'armed-again' | 'waits' };

/** All that there is to say of one alert. Instants in ms. */
export interface Explanation {
  readonly at: number;
  /** Of the sheet, as people see it; undefined where no row asks for it. */
  readonly row: number | undefined;
  /** As it is stored; of a row that no check has seen, as the next one arms it. */
  readonly alert: Alert;
  /** False of a row that no check has seen yet. */
  readonly isStored: boolean;
  readonly seen: SeenNow | undefined;
  /** Why an exchange that was asked gave nothing. */
  readonly failed: readonly { readonly exchange: string; readonly symbol: string; readonly reason: string }[];
  /** What the next check would look at; undefined where it looks at no prices of it. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
  readonly candles: AskedCandles;
  /** Undefined where nothing can fire it: it is paused, over, has fired, is being sent. */
  readonly foreseen: Foreseen | undefined;
  /** Of channels whose whole account has to wait. */
  readonly accountWaits: AccountWaits;
  readonly lastFire: FireRecord | undefined;
  readonly checks: Checks;
}

/** When checks took place; how often they come, only the last two tell. */
export interface Checks {
  readonly lastAt: number | undefined;
  readonly everyMs: number | undefined;
}

/** When the next check is due, by the pace of the last two (ms). */
export const nextCheckAt = ({ lastAt, everyMs }: Checks): number | undefined =>
  lastAt === undefined || everyMs === undefined ? undefined : lastAt + everyMs;
