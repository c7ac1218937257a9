import type { Candle } from '../../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../../domain/evidence/candle-plan.js';
import type { ExchangeName } from '../../domain/market.js';
import type { Result } from '../../domain/result.js';
import type {
  FundingRates,
  PriceError,
  PriceRanges,
  PriceSource,
  RecentRanges,
  Tickers,
} from '../../flows/ports/price-source.js';
import type { NoAnswer, Reply } from '../http.js';

/** One GET, counted against the run's limit of requests at a time. */
export type Get = (url: URL) => Promise<Result<Reply, NoAnswer>>;

type Origins<Origin extends string> = Readonly<Record<Origin, string>>;

/** How the markets of one kind of an exchange are asked. */
export interface Markets<Origin extends string = string> {
  /** This exchange's spelling of a canonical symbol; undefined where it can have none. `isNamed`: the row names this exchange. */
  toExchangeSymbol(symbol: string, isNamed: boolean): string | undefined;
  /**
   * Last prices, with the day's high and low where the same call gives them. Answers for every symbol asked, in this
   * exchange's spelling; the outer error says that the exchange as a whole gave nothing. What was not traded for a day
   * before `now` (ms) has no price.
   */
  tickers(
    get: Get,
    origins: Origins<Origin>,
    symbols: readonly string[],
    now: number,
  ): Promise<Result<Tickers, PriceError>>;
  /**
   * Offered where `tickers` does not tell the day's high and low and one more call tells them of all markets. What is
   * missing in the answer is asked for as if there were no such call, and so is everything where it fails.
   */
  readonly dayRanges?: (
    get: Get,
    origins: Readonly<Record<Origin, string>>,
  ) => Promise<Result<PriceRanges, PriceError>>;
  /**
   * Offered where one call tells the high and low of many markets over some minutes. `since` (ms) by symbol: a range
   * that does not reach back so far, or ends well before `now`, is left out. A market alone in its call saves none.
   */
  readonly rangesSince?: (
    get: Get,
    origins: Readonly<Record<Origin, string>>,
    since: ReadonlyMap<string, number>,
    now: number,
  ) => Promise<Result<RecentRanges, PriceError>>;
  /** For how many markets, and since how long ago (ms), one call of `rangesSince` is enough. */
  readonly rangesAtOnce?: PriceSource['rangesAtOnce'];
  readonly candleOffer: CandleOffer;
  /** One answer's worth, oldest first; whether a stretch without trades has a candle, the offer says. */
  candles(
    get: Get,
    origins: Origins<Origin>,
    symbol: string,
    request: CandleRequest,
  ): Promise<Result<readonly Candle[], PriceError>>;
}

/** Contracts without an end. A dated one is none of them, however it is called. */
export interface Perpetuals<Origin extends string = string> extends Markets<Origin> {
  /**
   * The rate of the settlement to come, its interval and its instant. An entry for every symbol asked, as with prices;
   * with `all` one for each perpetual that has a rate.
   */
  funding(
    get: Get,
    origins: Origins<Origin>,
    symbols: readonly string[] | 'all',
    now: number,
  ): Promise<Result<FundingRates, PriceError>>;
}

/** Everything the product knows of an exchange. A new one is a file with such an object and a line in the registry. */
export interface Exchange<Origin extends string = string> extends Markets<Origin> {
  readonly name: ExchangeName;
  /** The environment variable that replaces each origin → the origin. */
  readonly origins: Origins<Origin>;
  /** How many requests an address may send in a second, where that is fewer than we would. */
  readonly requestsPerSecond?: number;
  /** Made once for a connection, so that it may keep what changes seldom, such as the list of contracts. */
  perpetuals?(): Perpetuals<Origin>;
}
