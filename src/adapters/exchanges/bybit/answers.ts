import * as v from 'valibot';
import type { Candle } from '../../../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../../../domain/evidence/candle-plan.js';
import { err, ok, type Result } from '../../../domain/result.js';
import type { PriceError, Ticker } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Reply } from '../../http.js';
import { readCandles } from '../candle-list.js';
import type { Get } from '../exchange.js';
import { isHtml, jsonOf, quoted, rateLimited, statusError, unanswered, unexpected } from '../reply.js';
import { DayField, idleness, PriceField, readEntry, tickerOf, VolumeField } from '../ticker-list.js';

const Envelope = v.object({
  retCode: v.number(),
  retMsg: v.optional(v.string(), ''),
  result: v.optional(v.unknown()),
});
const Listed = v.object({ list: v.array(v.unknown()) });
const Entry = v.object({
  lastPrice: PriceField,
  highPrice24h: DayField,
  lowPrice24h: DayField,
  volume24h: VolumeField,
});

export const readTicker = (entry: unknown): Result<Ticker, PriceError> =>
  readEntry(Entry, entry, ({ lastPrice, highPrice24h, lowPrice24h, volume24h }) => {
    const ticker = tickerOf(lastPrice, { high24h: highPrice24h, low24h: lowPrice24h });
    const detail = idleness(volume24h);
    return ticker.ok && detail !== undefined ? err({ kind: 'no-price', detail }) : ticker;
  });

/** https://bybit-exchange.github.io/docs/v5/error */
function codeError(reply: Reply, retCode: number, retMsg: string): PriceError {
  switch (retCode) {
    case 10001:
      return { kind: 'unknown-symbol' };
    case 10006:
    case 10018:
      return rateLimited(reply);
    case 10009:
    case 10024:
      return { kind: 'region-blocked', status: reply.status };
    case 10000:
    case 10016:
      return { kind: 'unavailable', detail: `retCode ${retCode}` };
    default:
      return unexpected(reply, 'tickers', `retCode ${retCode} ${quoted(retMsg)}`);
  }
}

/**
 * A 403 is the ban of an address, over after ten minutes, or the page of a blocked country: only its text tells.
 * https://bybit-exchange.github.io/docs/v5/rate-limit
 */
function gateError(reply: Reply): PriceError {
  const { status } = reply;
  if (status === 403 && /too frequent/i.test(reply.text)) return { kind: 'rate-limited', retryAfterSeconds: 600 };
  if (status === 403 && isHtml(reply)) return { kind: 'region-blocked', status };
  return statusError(reply) ?? unexpected(reply, 'tickers');
}

/** The list of a market call. */
async function ask(
  get: Get,
  url: URL,
  expected: string,
): Promise<Result<{ list: unknown[]; reply: Reply }, PriceError>> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const reply = answer.value;
  const envelope = v.safeParse(Envelope, jsonOf(reply));
  if (!envelope.success) return err(gateError(reply));
  const { retCode, retMsg, result } = envelope.output;
  if (retCode !== 0) return err(codeError(reply, retCode, retMsg));
  const listed = v.safeParse(Listed, result);
  return listed.success ? ok({ list: listed.output.list, reply }) : err(unexpected(reply, expected));
}

const intervals: Readonly<Record<number, string>> = { 60000: '1', 3600000: '60' };

/** `[startTime, open, high, low, close, …]`, all as text. https://bybit-exchange.github.io/docs/v5/market/kline */
const candleFields = (entry: unknown) =>
  Array.isArray(entry)
    ? { openAt: Number(entry[0]), open: entry[1], high: entry[2], low: entry[3], close: entry[4] }
    : undefined;

type Category = 'spot' | 'linear';

/**
 * All of a category in one call: those that are traded; nothing in it says when, only how much within the day.
 * `retCode` decides, whatever the status: errors come with HTTP 200. `pick` gives undefined for what is no such list.
 * https://bybit-exchange.github.io/docs/v5/market/tickers
 */
export async function askTickers<T>(
  get: Get,
  origin: string,
  category: Category,
  pick: (list: readonly unknown[]) => T | undefined,
): Promise<Result<T, PriceError>> {
  const answer = await ask(get, address(origin, '/v5/market/tickers', [['category', category]]), 'a list of tickers');
  // No symbol was named, so this says nothing of any.
  if (!answer.ok && answer.error.kind === 'unknown-symbol') {
    return err({ kind: 'bad-response', issues: ['expected a list of tickers, got retCode 10001'] });
  }
  if (!answer.ok) return answer;
  const picked = pick(answer.value.list);
  return picked === undefined ? err(unexpected(answer.value.reply, 'a list of tickers')) : ok(picked);
}

export const candleOffer: CandleOffer = { spansMs: [60_000, 3_600_000], perAnswer: 1_000, hasEverySpan: true };

export async function askCandles(
  get: Get,
  origin: string,
  { category, symbol, request }: { category: Category; symbol: string; request: CandleRequest },
): Promise<Result<readonly Candle[], PriceError>> {
  const url = address(origin, '/v5/market/kline', [
    ['category', category],
    ['symbol', symbol],
    ['interval', intervals[request.spanMs] ?? ''],
    ['start', String(request.from)],
    ['end', String(request.to - 1)],
    ['limit', '1000'],
  ]);
  const answer = await ask(get, url, 'a list of candles');
  if (!answer.ok) return answer;
  const candles = readCandles(answer.value.list, request, candleFields);
  return candles === undefined ? err(unexpected(answer.value.reply, 'a list of candles')) : ok(candles);
}
