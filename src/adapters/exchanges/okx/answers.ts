import * as v from 'valibot';
import type { Candle } from '../../../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../../../domain/evidence/candle-plan.js';
import { rangeOverlapMs } from '../../../domain/evidence/watermark.js';
import { err, ok, type Result } from '../../../domain/result.js';
import { minuteMs } from '../../../domain/time.js';
import type { PriceError, Ticker, Tickers } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Reply } from '../../http.js';
import { readCandles } from '../candle-list.js';
import type { Get } from '../exchange.js';
import { unlistedPerpetual } from '../perpetual-list.js';
import { jsonOf, quoted, rateLimited, statusError, unanswered, unexpected } from '../reply.js';
import {
  DayField,
  InstantField,
  idleness,
  PriceField,
  pickTickers,
  readEntry,
  staleness,
  textUnder,
  tickerOf,
  VolumeField,
} from '../ticker-list.js';

/** The code is text; old hosts wrote that of a rate limit as a number. */
const Envelope = v.object({
  code: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
  msg: v.optional(v.string(), ''),
  data: v.optional(v.unknown()),
});
const List = v.array(v.unknown());

/** https://www.okx.com/docs-v5/en/#error-code */
function codeError(reply: Reply, { code, msg }: { code: string; msg: string }, expected: string): PriceError {
  switch (code) {
    case '51001':
      return { kind: 'unknown-symbol' };
    case '50011':
    case '50061':
      return rateLimited(reply);
    case '50001':
    case '50004':
    case '50005':
    case '50013':
    case '50026':
      return { kind: 'unavailable', detail: `code ${code}` };
  }
  // What it says to accounts of places that it does not serve.
  if (/local laws|your (country|region)/i.test(msg)) return { kind: 'region-blocked', status: reply.status };
  return statusError(reply) ?? unexpected(reply, expected, `code ${code} ${quoted(msg)}`);
}

type Listed = Result<{ readonly list: readonly unknown[]; readonly reply: Reply }, PriceError>;

/** `code` decides, whatever the status: errors come with HTTP 200, and a rate limit with 200 or 429. */
async function ask(get: Get, url: URL, expected: string): Promise<Listed> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const reply = answer.value;
  const envelope = v.safeParse(Envelope, jsonOf(reply));
  if (!envelope.success) return err(statusError(reply) ?? unexpected(reply, expected));
  if (envelope.output.code !== '0') return err(codeError(reply, envelope.output, expected));
  const list = v.safeParse(List, envelope.output.data);
  return list.success ? ok({ list: list.output, reply }) : err(unexpected(reply, expected));
}

/** A list of all. `pick` gives undefined for what is no such list. */
export async function askAll<T>(
  get: Get,
  url: URL,
  expected: string,
  pick: (list: readonly unknown[]) => Result<T, PriceError> | undefined,
): Promise<Result<T, PriceError>> {
  const answer = await ask(get, url, expected);
  // No symbol was named, so this says nothing of any.
  if (!answer.ok && answer.error.kind === 'unknown-symbol') {
    return err({ kind: 'bad-response', issues: [`expected ${expected}, got code 51001`] });
  }
  if (!answer.ok) return answer;
  return pick(answer.value.list) ?? err(unexpected(answer.value.reply, expected));
}

const Entry = v.object({
  last: PriceField,
  high24h: DayField,
  low24h: DayField,
  vol24h: VolumeField,
  ts: InstantField,
});

const readTicker =
  (now: number) =>
  (entry: unknown): Result<Ticker, PriceError> =>
    readEntry(Entry, entry, ({ last, high24h, low24h, vol24h, ts }) => {
      const ticker = tickerOf(last, { high24h, low24h });
      const detail = idleness(vol24h) ?? staleness(ts, now);
      return ticker.ok && detail !== undefined ? err({ kind: 'no-price', detail }) : ticker;
    });

/**
 * What is wrong with a list whose newest entry is older, by `now` (ms), than what windows overlap by: it would rule out
 * what it cannot know of.
 */
function ageProblem(list: readonly unknown[], now: number): PriceError | undefined {
  const newest = list.reduce<number>((latest, entry) => Math.max(latest, Number(textUnder('ts', entry)) || 0), 0);
  if (newest === 0 || newest >= now - rangeOverlapMs) return undefined;
  return { kind: 'unavailable', detail: `its prices are ${Math.round((now - newest) / minuteMs)} minutes old` };
}

/** All of a kind in one call. https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-tickers */
export function askTickers(
  get: Get,
  origin: string,
  asked: { readonly instType: 'SPOT' | 'SWAP'; readonly symbols: readonly string[]; readonly now: number },
): Promise<Result<Tickers, PriceError>> {
  const { instType, symbols, now } = asked;
  const errorOf = instType === 'SWAP' ? unlistedPerpetual : undefined;
  return askAll(
    get,
    address(origin, '/api/v5/market/tickers', [['instType', instType]]),
    'a list of tickers',
    (list) => {
      const tickers = pickTickers(list, 'instId', symbols, readTicker(now), errorOf);
      const problem = ageProblem(list, now);
      return problem === undefined ? tickers && ok(tickers) : err(problem);
    },
  );
}

const bars: Readonly<Record<number, string>> = { 60000: '1m', 3600000: '1H' };
const perAnswer = 300;

export const candleOffer: CandleOffer = { spansMs: [60_000, 3_600_000], perAnswer, hasEverySpan: true };

/** `[ts, open, high, low, close, …, confirm]`, all as text. One that is under way (`confirm` 0) holds trades all the same. */
const candleFields = (entry: unknown) =>
  Array.isArray(entry)
    ? { openAt: Number(entry[0]), open: entry[1], high: entry[2], low: entry[3], close: entry[4] }
    : undefined;

/**
 * `candles` has the latest 1,440 of a length, and `history-candles` those before; what the first does not reach is asked
 * of the second, until it has no more. Newest first; neither `before` nor `after` is among them.
 * https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks
 */
export async function askCandles(
  get: Get,
  origin: string,
  symbol: string,
  request: CandleRequest,
): Promise<Result<readonly Candle[], PriceError>> {
  const expected = 'a list of candles';
  const page = async (call: string, to: number): Promise<Result<readonly Candle[], PriceError>> => {
    const url = address(origin, `/api/v5/market/${call}`, [
      ['instId', symbol],
      ['bar', bars[request.spanMs] ?? ''],
      ['before', String(request.from - 1)],
      ['after', String(to)],
      ['limit', String(perAnswer)],
    ]);
    const answer = await ask(get, url, expected);
    if (!answer.ok) return answer;
    const candles = readCandles(answer.value.list, { ...request, to }, candleFields);
    return candles === undefined ? err(unexpected(answer.value.reply, expected)) : ok(candles);
  };
  let found = await page('candles', request.to);
  while (found.ok && found.value[0]?.openAt !== request.from) {
    const older = await page('history-candles', found.value[0]?.openAt ?? request.to);
    if (!older.ok) return older;
    if (older.value.length === 0) return found;
    found = ok([...older.value, ...found.value]);
  }
  return found;
}
