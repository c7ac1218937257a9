import type { Alert } from '../domain/alert.js';
import { lookBackMs, windowFrom } from '../domain/conditions/judge.js';
import { type PriceEvidence, priceEvidence } from '../domain/evaluation.js';
import type { Stretch } from '../domain/evidence/bar.js';
import type { Candle } from '../domain/evidence/candle.js';
import { needsCandles } from '../domain/evidence/needed-candles.js';
import { alertWindow, type Watermarks, watermarkOf, windowStart } from '../domain/evidence/watermark.js';
import { groupBy } from '../domain/group-by.js';
import { type Market, marketKey, shownSymbol, sourceName } from '../domain/market.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import type { CandleHistory } from './candle-history.js';
import { mostFinerRequests, planFiner, readFiner } from './finer-candles.js';
import type { PriceQuote } from './gather-quotes.js';
import type { PriceSource } from './ports/price-source.js';
import { type PriceRequest, sourcesByName } from './price-requests.js';
import { type ReadCandles, readCandles, sorted } from './read-candles.js';
import type { Run } from './run.js';
import type { FailedMarket } from './summary.js';

/** A market that gave its last price. Instants in ms. */
export interface SeenMarket {
  readonly market: Market;
  readonly priceRequests: readonly PriceRequest[];
  readonly openedAt: number;
  /** Where candles are missing: up to when it was seen. Undefined: through to now. */
  readonly seenTo: number | undefined;
}

export interface Evidence {
  readonly markets: readonly SeenMarket[];
  readonly failed: readonly FailedMarket[];
  readonly left: number;
}

/**
 * Told of a market's alerts as soon as its evidence is there, so that no push waits for another market's candles. Says
 * which stretches finer candles could tell more of; with these it is told once more, of those alerts alone.
 */
export type TellEvidence = (
  alerts: readonly Alert[],
  evidence: PriceEvidence,
  canAskFiner: boolean,
) => readonly { readonly alert: Alert; readonly open: readonly Stretch[] }[];

export interface Gathering {
  readonly exchanges: readonly PriceSource[];
  readonly quotes: readonly PriceQuote[];
  readonly checked: Watermarks;
  readonly calls: ExchangeCalls;
  readonly run: Run;
  readonly history: CandleHistory;
  /** Where the next windows open: what ends later is read again (ms). */
  readonly settledTo: number;
  readonly tell: TellEvidence;
}

type Group = readonly [PriceQuote, ...PriceQuote[]];

const byMarket = (quotes: readonly PriceQuote[]): readonly Group[] => [
  ...groupBy(quotes, ({ market }) => marketKey(market)).values(),
];

/** The alerts that the last price and the day's extremes leave open. */
function unprovenOf(group: Group, through: number, smallestSpanMs: number): readonly Alert[] {
  return group.flatMap(({ priceRequest, ticker, at: now }) =>
    priceRequest.alerts.filter((alert) => {
      const from = alertWindow(alert, through);
      return needsCandles(alert, { last: ticker.last, day: ticker, from, now, smallestSpanMs });
    }),
  );
}

/** Each market asked once, whatever the number of its alerts, and only where that could prove something. */
function readGroup(
  group: Group,
  source: PriceSource | undefined,
  { checked, calls, run, history, settledTo }: Gathering,
): Promise<ReadCandles> {
  const [{ market, isFirstSight = false }] = group;
  const through = watermarkOf(checked, market);
  const unproven = unprovenOf(group, through, source?.candleOffer.spansMs[0] ?? 0);
  if (source === undefined || unproven.length === 0) return Promise.resolve({ candles: [] });
  const window = {
    from: Math.min(...unproven.map((alert) => alertWindow(alert, through) - lookBackMs(alert.condition))),
    opensAt: windowStart(unproven, through),
    to: Math.max(...group.map(({ at }) => at)),
    alertsFrom: unproven.map(({ armedAt, memory }) => windowFrom({ armedAt, memory: memory?.judged })),
    isFirstSight,
  };
  return calls.during(source, () => readCandles({ market, source, calls, run, history, settledTo }, window));
}

/** From last prices to what is known of each market in its window, whatever fails at the others. */
export async function gatherCandles(gathering: Gathering): Promise<Evidence> {
  const { exchanges, quotes, checked, calls, run, history, settledTo, tell } = gathering;
  const sources = sourcesByName(exchanges);
  const markets: SeenMarket[] = [];
  const failed: FailedMarket[] = [];
  let left = 0;

  function evidenceOf({ market, ticker, at }: PriceQuote, { candles, seenTo }: ReadCandles): PriceEvidence {
    const keepTo = Math.min(settledTo, seenTo ?? settledTo);
    return { ...priceEvidence(market, ticker.last, at, candles, keepTo), isPartial: seenTo !== undefined };
  }

  async function tellAll(group: Group, read: ReadCandles, source: PriceSource | undefined): Promise<void> {
    const [{ market, at }] = group;
    let { candles } = read;
    let canAskFiner = source !== undefined;
    let budget = mostFinerRequests;
    let unsure = group.map((quote) => ({ quote, alerts: quote.priceRequest.alerts }));
    while (unsure.length > 0) {
      const told = unsure.map(({ quote, alerts }) => ({
        quote,
        open: tell(alerts, evidenceOf(quote, { ...read, candles }), canAskFiner),
      }));
      unsure = told.flatMap(({ quote, open }) =>
        open.length === 0 ? [] : [{ quote, alerts: open.map(({ alert }) => alert) }],
      );
      if (source === undefined || unsure.length === 0) return;
      // What finer candles rule out may leave the next best question open.
      const stretches = told.flatMap(({ open }) => open.flatMap((each) => each.open));
      const requests = planFiner(stretches, source.candleOffer, at).slice(0, budget);
      const finer = await calls.during(source, () => readFiner(source, market.symbol, requests, calls, run));
      candles = sorted([...candles, ...finer]);
      const isAsked = ({ openAt }: Candle) => stretches.some(({ from, to }) => openAt >= from && openAt < to);
      history.refine(market, finer.filter(isAsked));
      budget -= requests.length;
      canAskFiner = budget > 0 && finer.length > 0;
    }
  }

  async function gather(group: Group): Promise<void> {
    const [{ market }] = group;
    const source = sources.get(sourceName(market));
    const read = await readGroup(group, source, gathering);
    await tellAll(group, read, source);
    const priceRequests = group.map(({ priceRequest }) => priceRequest);
    const alerts = priceRequests.flatMap((priceRequest) => priceRequest.alerts);
    const openedAt = windowStart(alerts, watermarkOf(checked, market));
    markets.push({ market, priceRequests, openedAt, seenTo: read.seenTo });
    const { exchange } = market;
    const symbol = shownSymbol(market);
    if (read.failure !== undefined) failed.push({ exchange, symbol, reason: read.failure });
    else if (read.seenTo !== undefined) left += 1;
  }

  await Promise.all(byMarket(quotes).map(gather));
  return { markets, failed, left };
}
