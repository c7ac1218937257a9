import pLimit from 'p-limit';
import type { WaitingAlert } from '../domain/alert.js';
import { type Candle, candleStart } from '../domain/evidence/candle.js';
import type { CandleRequest } from '../domain/evidence/candle-plan.js';
import { groupBy } from '../domain/group-by.js';
import type { Market } from '../domain/market.js';
import { err, ok, type Result } from '../domain/result.js';
import { hourMs, minuteMs } from '../domain/time.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import { type KnownMinutes, type MinutePage, minutePages, pagesThatMatter, requestsOver } from './backtest-pages.js';
import { priceErrorText } from './market-failures.js';
import type { PriceSource } from './ports/price-source.js';
import { type Replayed, replay } from './replay.js';

export interface BacktestRequest {
  /** As its row asks for it, armed at `from`. */
  readonly alert: WaitingAlert;
  readonly market: Market;
  readonly source: PriceSource;
  /** Through the limiter and the circuit breaker; they give nothing more when nobody waits any longer. */
  readonly calls: ExchangeCalls;
  readonly known: KnownMinutes;
  /** ms, at the start of an hour; `to` is the present. */
  readonly from: number;
  readonly to: number;
  /** Between two checks (ms). */
  readonly everyMs: number;
  /** Answers that have come, of those that are needed as far as that is known. */
  onProgress(done: number, total: number): void;
}

export interface Backtested extends Pick<Replayed, 'fired'> {
  /** What was tested (ms): a market that was listed later begins later, and who fires once is not tested beyond that. */
  readonly from: number;
  readonly to: number;
  /** Hours of that time, and how many of them were read by the minute: the others were ruled out as a whole. */
  readonly hours: number;
  readonly byMinute: number;
  /** Hours whose minutes do not reach the hour's own extremes: some of them are missing. */
  readonly incomplete: number;
}

const noTime = 'it took too long, so the test was given up; try again in a minute';

/** So many answers are waited for before it is looked whether an alert that fires once has fired. */
const pagesAtATime = 5;

/** Which of the hours the minutes fall short of. The hour under way grows meanwhile. */
function fallShort(hours: readonly Candle[], minutes: readonly Candle[], now: number): number {
  const byHour = groupBy(minutes, ({ openAt }) => candleStart(openAt, hourMs));
  return hours.filter(({ openAt, high, low }) => {
    const own = byHour.get(openAt);
    if (own === undefined || openAt + hourMs > now) return false;
    return !own.some((each) => each.high.value.gte(high.value)) || !own.some((each) => each.low.value.lte(low.value));
  }).length;
}

/**
 * How often the alert would have fired, by the candles of its market: the hours first, and the minutes wherever an hour
 * does not rule the alert out. What is left to hours can only move a trail's extreme or show the other side, and an hour
 * tells both. The error is a sentence. One piece, because every step goes on with the candles of the one before.
 */
export async function backtest(request: BacktestRequest): Promise<Result<Backtested, string>> {
  const { alert, market, source, calls, known, from, to, everyMs, onProgress } = request;
  const { candleOffer: offer, name } = source;
  const limit = pLimit(pagesAtATime);
  let [done, total] = [0, 0];
  async function ask(requests: readonly CandleRequest[]): Promise<Result<Candle[], string>> {
    const answers = await Promise.all(
      requests.map((each) =>
        limit(async () => {
          const answer = await calls.askCandles(source, market.symbol, each);
          done += 1;
          onProgress(done, total);
          return answer;
        }),
      ),
    );
    const candles: Candle[] = [];
    for (const answer of answers) {
      if (answer === undefined) return err(noTime);
      if (!answer.ok) return err(`${name}: ${priceErrorText(answer.error)}`);
      for (const candle of answer.value) candles.push(candle);
    }
    return ok(candles);
  }

  const hourRequests = requestsOver(from, to, hourMs, offer.perAnswer);
  total = hourRequests.length;
  const hours = await ask(hourRequests);
  if (!hours.ok) return hours;
  const [first] = hours.value;
  if (first === undefined) return err(`${name} has no candles of ${market.symbol} in that time`);
  const begin = Math.max(from, first.openAt);
  const needed = pagesThatMatter(minutePages(begin, to, offer), hours.value, alert);
  total += needed.filter((page) => known.find(market, page) === undefined).length;

  const minutes = new Map<MinutePage, readonly Candle[]>();
  async function readPage(page: MinutePage): Promise<Result<unknown, string>> {
    const found = known.find(market, page);
    const read =
      found === undefined
        ? await ask(requestsOver(page.from, Math.min(page.to, candleStart(to, minuteMs)), minuteMs, offer.perAnswer))
        : ok(found);
    if (!read.ok) return read;
    known.keep(market, page, read.value, to);
    minutes.set(page, read.value);
    return read;
  }
  const isByMinute = ({ openAt }: Candle): boolean =>
    needed.some((page) => openAt >= page.from && openAt < page.to && minutes.has(page));
  const replayTo = (end: number): Backtested => {
    const inTime = ({ openAt }: Candle): boolean => openAt >= begin && openAt < end;
    const fine = needed.flatMap((page) => minutes.get(page) ?? []).filter(inTime);
    const coarse = hours.value.filter(inTime);
    const candles = [...fine, ...coarse.filter((each) => !isByMinute(each))].sort((a, b) => a.openAt - b.openAt);
    const alerts = [{ row: 0, alert: { ...alert, armedAt: begin } }];
    const { fired } = replay({ candles, alerts, market, everyMs, from: begin, to: end });
    return {
      ...{ fired, from: begin, to: end, hours: coarse.length, byMinute: coarse.filter(isByMinute).length },
      incomplete: fallShort(coarse, fine, to),
    };
  };
  for (let index = 0; index < needed.length; index += pagesAtATime) {
    const group = needed.slice(index, index + pagesAtATime);
    const failed = (await Promise.all(group.map(readPage))).find(({ ok: isRead }) => !isRead);
    if (failed?.ok === false) return failed;
    if (alert.repeat !== undefined) continue;
    const soFar = replayTo(Math.min(to, group.at(-1)?.to ?? to));
    if (soFar.fired.length > 0) return ok(soFar);
  }
  return ok(replayTo(to));
}
