import { Big } from 'big.js';
import * as v from 'valibot';
import type { Candle } from '../../../domain/evidence/candle.js';
import type { CandleRequest } from '../../../domain/evidence/candle-plan.js';
import { err, ok, type Result } from '../../../domain/result.js';
import type { PriceError } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Reply } from '../../http.js';
import { readCandles } from '../candle-list.js';
import type { Get } from '../exchange.js';
import { jsonOf, statusError, unanswered, unexpected } from '../reply.js';

const granularities: Readonly<Record<number, string>> = { 60000: 'ONE_MINUTE', 3600000: 'ONE_HOUR' };

const Advanced = v.object({
  candles: v.array(
    v.object({ start: v.string(), open: v.string(), low: v.string(), high: v.string(), close: v.string() }),
  ),
});

type Read = (reply: Reply) => readonly Candle[] | undefined;

/** Texts throughout. https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/get-public-product-candles */
const readAdvanced =
  (request: CandleRequest): Read =>
  (reply) => {
    const body = v.safeParse(Advanced, jsonOf(reply));
    if (!body.success) return undefined;
    const starts = (entry: unknown) => {
      const { start, open, low, high, close } = entry as v.InferOutput<typeof Advanced>['candles'][number];
      return { openAt: Number(start) * 1_000, open, low, high, close };
    };
    return readCandles(body.output.candles, request, starts);
  };

/** A list of numbers alone, so each can be made text before a float takes its digits. */
const numbersAsText = (text: string): string => text.replace(/-?\d+(\.\d+)?(e[+-]?\d+)?/gi, '"$&"');

/** `1e-7` → `0.0000001`. A longer exponent is no price, and would be a text too long to hold. */
const plain = (text: unknown): unknown =>
  typeof text === 'string' && /e[+-]?\d{1,2}$/i.test(text) ? new Big(text).toFixed() : text;

/** `[time (s), low, high, open, close, volume]`. https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-product-candles */
const readExchange =
  (request: CandleRequest): Read =>
  (reply) => {
    const body = jsonOf({ ...reply, text: numbersAsText(reply.text) });
    if (!Array.isArray(body)) return undefined;
    return readCandles(body, request, (entry) =>
      Array.isArray(entry)
        ? {
            openAt: Number(entry[0]) * 1_000,
            low: plain(entry[1]),
            high: plain(entry[2]),
            open: plain(entry[3]),
            close: plain(entry[4]),
          }
        : undefined,
    );
  };

async function ask(get: Get, url: URL, read: Read): Promise<Result<readonly Candle[], PriceError>> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const reply = answer.value;
  const byStatus = statusError(reply);
  if (byStatus !== undefined) return err(byStatus);
  if (reply.status === 404) return err({ kind: 'unknown-symbol' });
  const candles = reply.status < 400 ? read(reply) : undefined;
  return candles === undefined ? err(unexpected(reply, 'a list of candles')) : ok(candles);
}

const seconds = (instant: number): string => String(Math.floor(instant / 1_000));

/** Advanced Trade first, whose prices are text; where it fails, the exchange's own host. */
export async function askCandles(
  get: Get,
  origins: Readonly<Record<'COINBASE_BASE_URL' | 'COINBASE_EXCHANGE_BASE_URL', string>>,
  symbol: string,
  request: CandleRequest,
): Promise<Result<readonly Candle[], PriceError>> {
  const id = encodeURIComponent(symbol);
  const [start, end] = [seconds(request.from), seconds(request.to - 1)];
  const advanced = address(origins.COINBASE_BASE_URL, `/api/v3/brokerage/market/products/${id}/candles`, [
    ['granularity', granularities[request.spanMs] ?? ''],
    ['start', start],
    ['end', end],
    ['limit', '300'],
  ]);
  const first = await ask(get, advanced, readAdvanced(request));
  if (first.ok || !['unavailable', 'bad-response'].includes(first.error.kind)) return first;
  const exchange = address(origins.COINBASE_EXCHANGE_BASE_URL, `/products/${id}/candles`, [
    ['granularity', String(request.spanMs / 1_000)],
    ['start', new Date(request.from).toISOString()],
    ['end', new Date(request.to - 1).toISOString()],
  ]);
  return ask(get, exchange, readExchange(request));
}
