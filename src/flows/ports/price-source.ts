import type { PriceRange } from '../../domain/evidence/bar.js';
import type { Candle } from '../../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../../domain/evidence/candle-plan.js';
import type { FundingRate } from '../../domain/funding.js';
import type { ExchangeName, MarketKind } from '../../domain/market.js';
import type { Price } from '../../domain/price.js';
import type { Result } from '../../domain/result.js';

export type PriceError =
  /** `meant`: what is listed and is surely meant, such as 1000PEPEUSDT for PEPEUSDT. */
  | { readonly kind: 'unknown-symbol'; readonly meant?: string }
  /** Listed without a price: delisted, halted, not traded for a day, or an empty or zero text. */
  | { readonly kind: 'no-price'; readonly detail: string }
  /** Listed without a funding rate: a dated contract, or an empty text. */
  | { readonly kind: 'no-rate'; readonly detail: string }
  | { readonly kind: 'region-blocked'; readonly status: number }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'unavailable'; readonly detail: string }
  | { readonly kind: 'bad-response'; readonly issues: readonly string[] };

export interface Ticker {
  readonly last: Price;
  readonly high24h: Price | undefined;
  readonly low24h: Price | undefined;
}

/** Keyed by the exchange's own spelling, one entry for every symbol that was asked. */
export type Tickers = ReadonlyMap<string, Result<Ticker, PriceError>>;

/** `last`: where something was traded within it. */
export interface RecentRange extends PriceRange {
  readonly last?: Price | undefined;
}

/** By the exchange's own spelling. What is undefined is not known; what is there may be from a cache. */
export type PriceRanges = Pick<ReadonlyMap<string, PriceRange>, 'get'>;
export type RecentRanges = Pick<ReadonlyMap<string, RecentRange>, 'get'>;

export type FundingRates = ReadonlyMap<string, Result<FundingRate, PriceError>>;

/** What a request showed of its host. `unsure`: it failed, and is sent again. */
export type HostState = 'well' | 'unsure' | { readonly failure: string };

/** `isRefused`: the host is well, and answered that it would not (HTTP 4xx). */
export interface SentRequest<Answer> {
  readonly answer: Answer;
  readonly host: HostState;
  readonly isRefused?: boolean;
}

/**
 * Lets one request through in its turn, a repeated one as well; an error says why it was not sent. Judged in the turn,
 * because what was allowed when the request began to wait may not be any more.
 */
export type Gate = <Answer>(
  host: string,
  send: () => Promise<SentRequest<Answer>>,
) => Promise<Result<Answer, { readonly detail: string }>>;

/** The markets of one kind of an exchange. Without a gate every request is sent at once. */
export interface PriceSource {
  readonly name: ExchangeName;
  readonly kind: MarketKind;
  /** How many requests may be sent in a second, where that is fewer than a run would. */
  readonly requestsPerSecond?: number | undefined;
  /** The exchange's spelling of a trader's symbol; undefined where it can have none. `isNamed`: the row names this exchange. */
  toExchangeSymbol(symbol: string, isNamed: boolean): string | undefined;
  /** The outer error: the exchange as a whole did not answer. `now` in ms: a price that is a day old by then is none. */
  tickers(symbols: readonly string[], now: number, gate?: Gate): Promise<Result<Tickers, PriceError>>;
  /** The day's high and low of all markets, for what `tickers` leaves out; offered where it does. They rule out and prove nothing. */
  readonly dayRanges?: (gate?: Gate) => Promise<Result<PriceRanges, PriceError>>;
  /**
   * The high and low of each market since its own instant (ms) or a little longer, many in one call; offered where the
   * exchange has such a call. They rule out and prove nothing, since they may reach back too far.
   */
  readonly rangesSince?: (
    since: ReadonlyMap<string, number>,
    now: number,
    gate?: Gate,
  ) => Promise<Result<RecentRanges, PriceError>>;
  /** For how many markets, and since how long ago (ms), one call of `rangesSince` is enough. */
  readonly rangesAtOnce?: { readonly markets: number; readonly ms: number };
  readonly candleOffer: CandleOffer;
  /** One answer's worth, oldest first; whether a stretch without trades has a candle, the offer says. */
  candles(symbol: string, request: CandleRequest, gate?: Gate): Promise<Result<readonly Candle[], PriceError>>;
  /** Of perpetuals, and of these always. `all`: an entry for each that has a rate. */
  funding?(symbols: readonly string[] | 'all', now: number, gate?: Gate): Promise<Result<FundingRates, PriceError>>;
}
