import * as v from 'valibot';
import type { Candle } from '../../../domain/evidence/candle.js';
import type { CandleRequest } from '../../../domain/evidence/candle-plan.js';
import { err, ok, type Result } from '../../../domain/result.js';
import type { PriceError, Ticker, Tickers } from '../../../flows/ports/price-source.js';
import type { Reply } from '../../http.js';
import { readCandles } from '../candle-list.js';
import type { Get } from '../exchange.js';
import { jsonOf, quoted, rateLimited, statusError, unanswered, unexpected } from '../reply.js';
import { DayField, InstantField, PriceField, pickTickers, readEntry, staleness, tickerOf } from '../ticker-list.js';

const Day = v.object({ lastPrice: PriceField, highPrice: DayField, lowPrice: DayField, closeTime: InstantField });
/** Futures tell the time of the price, spot does not. */
const Last = v.object({ price: PriceField, time: InstantField });

function traded(ticker: Result<Ticker, PriceError>, at: number | undefined, now: number): Result<Ticker, PriceError> {
  const detail = staleness(at, now);
  return ticker.ok && detail !== undefined ? err({ kind: 'no-price', detail }) : ticker;
}

/** `closeTime` is about the last trade: within the hour for every market that trades, days ago for one that does not. */
export const readDay =
  (now: number) =>
  (entry: unknown): Result<Ticker, PriceError> =>
    readEntry(Day, entry, ({ lastPrice, highPrice, lowPrice, closeTime }) => {
      const ticker = tickerOf(lastPrice, { high24h: highPrice, low24h: lowPrice });
      return traded(ticker, closeTime, now);
    });
export const readLast =
  (now: number) =>
  (entry: unknown): Result<Ticker, PriceError> =>
    readEntry(Last, entry, ({ price, time }) => traded(tickerOf(price), time, now));

const Refusal = v.object({ code: v.number(), msg: v.optional(v.string(), '') });

/**
 * 418 is a ban for going on after 429, and 403 the firewall, unless it is the page of a blocked country.
 * https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md and errors.md
 */
export function failureOf(reply: Reply, body: unknown, expected: string): PriceError {
  const byStatus = statusError(reply);
  if (reply.status === 418 || (reply.status === 403 && byStatus?.kind !== 'region-blocked')) return rateLimited(reply);
  if (byStatus !== undefined) return byStatus;
  const refusal = v.safeParse(Refusal, body);
  if (!refusal.success) return unexpected(reply, expected);
  const { code, msg } = refusal.output;
  if (code === -1121) return { kind: 'unknown-symbol' };
  if (code === -1003) return rateLimited(reply);
  return unexpected(reply, expected, `code ${code} ${quoted(msg)}`);
}

/** Of a call that named no symbol, so that it says nothing of any. */
export function failureOfAll(reply: Reply, body: unknown, expected: string): PriceError {
  const failure = failureOf(reply, body, expected);
  return failure.kind === 'unknown-symbol' ? unexpected(reply, expected, 'code -1121') : failure;
}

export async function askTickers(
  get: Get,
  url: URL,
  symbols: readonly string[],
  read: (entry: unknown) => Result<Ticker, PriceError>,
  errorOf?: Parameters<typeof pickTickers>[4],
): Promise<Result<Tickers, PriceError>> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const body = jsonOf(answer.value);
  const tickers =
    Array.isArray(body) && answer.value.status < 400 ? pickTickers(body, 'symbol', symbols, read, errorOf) : undefined;
  if (tickers !== undefined) return ok(tickers);
  return err(failureOfAll(answer.value, body, 'a list of tickers'));
}

/** `[openTime, open, high, low, close, …]`. https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md */
const candleFields = (entry: unknown) =>
  Array.isArray(entry)
    ? { openAt: entry[0], open: entry[1], high: entry[2], low: entry[3], close: entry[4] }
    : undefined;

export async function askCandles(
  get: Get,
  url: URL,
  request: CandleRequest,
): Promise<Result<readonly Candle[], PriceError>> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const body = jsonOf(answer.value);
  const isList = Array.isArray(body) && answer.value.status < 400;
  const candles = isList ? readCandles(body, request, candleFields) : undefined;
  return candles === undefined ? err(failureOf(answer.value, body, 'a list of candles')) : ok(candles);
}
