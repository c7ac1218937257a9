import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { err, ok, type Result } from '../../../domain/result.js';
import type { PriceError, Ticker, Tickers } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Reply } from '../../http.js';
import type { Get } from '../exchange.js';
import { jsonOf, quoted, statusError, unanswered, unexpected } from '../reply.js';
import { staleness, tickerOf } from '../ticker-list.js';

const LastTrade = v.object({ price: v.nullable(v.string()), time: v.optional(v.unknown()) });
const Refusal = v.object({ message: v.string() });

/** 404 "NotFound"; 400 "Not allowed for delisted products" (https://github.com/ccxt/ccxt/issues/14280). */
function read(reply: Reply, now: number): Result<Ticker, PriceError> {
  const byStatus = statusError(reply);
  if (byStatus !== undefined) return err(byStatus);
  const body = jsonOf(reply);
  const trade = v.safeParse(LastTrade, body);
  if (reply.status < 400 && trade.success) {
    const { price, time } = trade.output;
    const ticker = tickerOf(price);
    const detail = staleness(Date.parse(String(time)), now);
    return ticker.ok && detail !== undefined ? err({ kind: 'no-price', detail }) : ticker;
  }
  const refusal = v.safeParse(Refusal, body);
  if (!refusal.success) return err(unexpected(reply, 'a ticker'));
  const { message } = refusal.output;
  if (/delisted/i.test(message)) return err({ kind: 'no-price', detail: 'the product is delisted' });
  if (reply.status === 404) return err({ kind: 'unknown-symbol' });
  return err(unexpected(reply, 'a ticker', `the message ${quoted(message)}`));
}

/** An address may send ten requests a second: https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits */
const askedAtATime = 10;

/** Errors of the exchange as a whole: another product would fare no better. */
const isOfTheExchange = (error: PriceError): boolean =>
  error.kind === 'rate-limited' || error.kind === 'region-blocked' || error.kind === 'unavailable';

/** Why to stop asking: the exchange refuses, or none of these products got an answer. */
function reasonToStop(results: readonly Result<Ticker, PriceError>[]): PriceError | undefined {
  const errors = results.flatMap((result) => (result.ok ? [] : [result.error])).filter(isOfTheExchange);
  return errors.length === results.length ? errors[0] : errors.find((error) => error.kind !== 'unavailable');
}

/**
 * One request a product, for when the bulk call fails; it has no high and low of the day.
 * Products not asked any more get the error that ended the asking; the outer error: not one product got an answer.
 */
export async function askEachProduct(
  get: Get,
  origin: string,
  symbols: readonly string[],
  now: number,
  pauseMs = 1_000,
): Promise<Result<Tickers, PriceError>> {
  const ask = async (symbol: string): Promise<Result<Ticker, PriceError>> => {
    const answer = await get(address(origin, `/products/${encodeURIComponent(symbol)}/ticker`));
    return answer.ok ? read(answer.value, now) : err(unanswered(answer.error));
  };
  const tickers = new Map<string, Result<Ticker, PriceError>>();
  for (let from = 0; from < symbols.length; from += askedAtATime) {
    if (from > 0) await pause(pauseMs);
    const asked = symbols.slice(from, from + askedAtATime);
    const answers = await Promise.all(asked.map(async (symbol) => [symbol, await ask(symbol)] as const));
    for (const [symbol, ticker] of answers) tickers.set(symbol, ticker);
    const stop = reasonToStop(answers.map(([, ticker]) => ticker));
    if (stop === undefined) continue;
    if (![...tickers.values()].some((ticker) => ticker.ok || !isOfTheExchange(ticker.error))) return err(stop);
    for (const symbol of symbols.slice(from + askedAtATime)) tickers.set(symbol, err(stop));
    return ok(tickers);
  }
  return ok(tickers);
}
