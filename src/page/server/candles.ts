import * as v from 'valibot';
import { type Candle, candleStart } from '../../domain/evidence/candle.js';
import type { CandleRequest } from '../../domain/evidence/candle-plan.js';
import { widerCandles } from '../../domain/evidence/wider-candles.js';
import { exchangeNames, marketKinds } from '../../domain/market.js';
import { err, ok, type Result } from '../../domain/result.js';
import { dayMs, hourMs, minuteMs } from '../../domain/time.js';
import { priceErrorText } from '../../flows/market-failures.js';
import { type CandleView, candleSpans } from '../protocol.js';
import { callsNow, type PricePorts, sourceOf } from './prices.js';

const spanMs = { '1m': minuteMs, '15m': 15 * minuteMs, '1h': hourMs, '4h': 4 * hourMs, '1d': dayMs };

const Query = v.object({
  exchange: v.picklist(exchangeNames, `exchange: expected one of ${exchangeNames.join(', ')}`),
  kind: v.picklist(marketKinds, `kind: expected one of ${marketKinds.join(', ')}`),
  symbol: v.pipe(
    v.string('symbol: expected the symbol of the exchange'),
    v.regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u, 'symbol: expected the symbol of the exchange'),
  ),
  span: v.picklist(candleSpans, `span: expected one of ${candleSpans.join(', ')}`),
});

export interface CandleProblem {
  readonly status: 400 | 503;
  readonly message: string;
}

const most = 500;
/** What an exchange is asked for at once: a folded span of one with short answers begins later. */
const mostAnswers = 5;

/** Requests of one answer each, oldest first, that end with the candle under way. */
function requestsFor(wanted: number, shortMs: number, perAnswer: number, now: number): CandleRequest[] {
  const short = wanted / shortMs;
  const to = candleStart(now, shortMs) + shortMs;
  const count = Math.min(most * short, mostAnswers * perAnswer);
  // The first candle is a whole one.
  const from = Math.ceil((to - count * shortMs) / wanted) * wanted;
  const answers = Math.ceil((to - from) / (perAnswer * shortMs));
  return Array.from({ length: answers }, (_, index) => {
    const start = from + index * perAnswer * shortMs;
    return { from: start, to: Math.min(to, start + perAnswer * shortMs), spanMs: shortMs };
  });
}

const viewOf = ({ openAt, open, high, low, close }: Candle): CandleView => ({
  openAt,
  ...{ open: open.text, high: high.text, low: low.text, close: close.text },
});

/** Exchanges give minutes and hours; 15 minutes, 4 hours and days are made of these. */
export async function readCandles(
  ports: PricePorts,
  query: Readonly<Record<string, string>>,
): Promise<Result<readonly CandleView[], CandleProblem>> {
  const asked = v.safeParse(Query, query);
  if (!asked.success) return err({ status: 400, message: asked.issues.map(({ message }) => message).join('. ') });
  const { exchange, kind, symbol, span } = asked.output;
  const source = sourceOf(ports.exchanges, { exchange, kind });
  if (source === undefined) return err({ status: 400, message: `${exchange}: its ${kind} markets are not read` });
  const wanted = spanMs[span];
  const shortMs = wanted < hourMs ? minuteMs : hourMs;
  const requests = requestsFor(wanted, shortMs, source.candleOffer.perAnswer, ports.now());
  const calls = callsNow(ports);
  const answers = await Promise.all(requests.map((request) => calls.askCandles(source, symbol, request)));
  const candles: Candle[] = [];
  for (const answer of answers) {
    if (answer === undefined) return err({ status: 503, message: `${exchange} did not answer in time` });
    if (!answer.ok) return err({ status: 503, message: `${exchange}: ${priceErrorText(answer.error)}` });
    candles.push(...answer.value);
  }
  return ok(widerCandles(candles, wanted).slice(-most).map(viewOf));
}
