import type { Alert } from '../domain/alert.js';
import { windowFrom } from '../domain/conditions/judge.js';
import { type PriceEvidence, priceEvidence } from '../domain/evaluation.js';
import type { Stretch } from '../domain/evidence/bar.js';
import type { Candle } from '../domain/evidence/candle.js';
import { evidenceFrom } from '../domain/evidence/needed-candles.js';
import { rangeOverlapMs, type Watermarks, watermarkOf, windowStart } from '../domain/evidence/watermark.js';
import { groupBy } from '../domain/group-by.js';
import { type Market, marketKey, shownSymbol, sourceName } from '../domain/market.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import type { CandleHistory } from './candle-history.js';
import { mostFinerRequests, planFiner, readFiner } from './finer-candles.js';
import type { PriceQuote } from './gather-quotes.js';
import type { PriceSource } from './ports/price-source.js';
import { type PriceRequest, sourcesByName } from './price-requests.js';
import { type ReadCandles, readCandles, sorted } from './read-candles.js';
import { type Group, type Ruling, ruleOut } from './rule-out.js';
import type { Run } from './run.js';
import type { FailedMarket } from './summary.js';

/** A market that gave its last price. Instants in ms. */
export interface SeenMarket {
  readonly market: Market;
  readonly priceRequests: readonly PriceRequest[];
  readonly openedAt: number;
  /** Where candles are missing: up to when it was seen. Undefined: through to now. */
  readonly seenTo: number | undefined;
  /** A range ruled something out that no candle was read for. */
  readonly restsOnRange: boolean;
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

const byMarket = (quotes: readonly PriceQuote[]): readonly Group[] => [
  ...groupBy(quotes, ({ market }) => marketKey(market)).values(),
];

/** What was read of a market, and the alerts whose whole window it does not cover because a range ruled them out. */
interface Read extends ReadCandles {
  readonly restingOnRange: ReadonlySet<Alert>;
}

/** Each market asked once, whatever the number of its alerts, and only where that could prove something. */
async function readGroup(
  group: Group,
  source: PriceSource | undefined,
  { unproven, ruledOut }: Ruling,
  { checked, calls, run, history, settledTo }: Gathering,
): Promise<Read> {
  const [{ market, isFirstSight = false }] = group;
  const through = watermarkOf(checked, market);
  if (source === undefined || unproven.length === 0) return { candles: [], restingOnRange: new Set(ruledOut) };
  const window = {
    from: Math.min(...unproven.map((alert) => evidenceFrom(alert, through))),
    opensAt: windowStart(unproven, through),
    to: Math.max(...group.map(({ at }) => at)),
    alertsFrom: unproven.map(({ armedAt, memory }) => windowFrom({ armedAt, memory: memory?.judged })),
    isFirstSight,
  };
  const reading = { market, source, calls, run, history, settledTo };
  const read = await calls.during(source, () => readCandles(reading, window));
  return { ...read, restingOnRange: new Set(ruledOut.filter((alert) => evidenceFrom(alert, through) < window.from)) };
}

/**
 * From last prices to what is known of each market in its window, whatever fails at the others. Long, because each market
 * goes its whole way by itself: ranges, candles, finer candles, and what is to be told.
 */
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

  /** What fires by its last price, and waits for no candle. */
  function tellKnown(group: Group, { known }: Ruling): void {
    for (const { market, ticker, at, priceRequest } of group) {
      const alerts = priceRequest.alerts.filter((alert) => known.has(alert));
      if (alerts.length > 0) tell(alerts, priceEvidence(market, ticker.last, at, [], settledTo), false);
    }
  }

  /** The range may know nothing of the last minutes, so nothing is remembered of them and no alert is over by them. */
  function tellOfRange({ market, ticker, at, priceRequest }: PriceQuote, { restingOnRange }: Read): void {
    const alerts = priceRequest.alerts.filter((alert) => restingOnRange.has(alert));
    const keepTo = Math.min(settledTo, at - rangeOverlapMs);
    if (alerts.length > 0) tell(alerts, priceEvidence(market, ticker.last, at, [], keepTo), false);
  }

  async function tellAll(group: Group, read: Read, { known }: Ruling, source: PriceSource | undefined): Promise<void> {
    const [{ market, at }] = group;
    for (const quote of group) tellOfRange(quote, read);
    let { candles } = read;
    let canAskFiner = source !== undefined;
    let budget = mostFinerRequests;
    const isLeft = (alert: Alert) => !read.restingOnRange.has(alert) && !known.has(alert);
    let unsure = group.flatMap((quote) => {
      const alerts = quote.priceRequest.alerts.filter(isLeft);
      return alerts.length === 0 ? [] : [{ quote, alerts }];
    });
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

  async function gather(group: Group, source: PriceSource | undefined, ruling: Ruling): Promise<void> {
    const [{ market, at }] = group;
    tellKnown(group, ruling);
    const read = await readGroup(group, source, ruling, gathering);
    await tellAll(group, read, ruling, source);
    const priceRequests = group.map(({ priceRequest }) => priceRequest);
    const alerts = priceRequests.flatMap((priceRequest) => priceRequest.alerts);
    const openedAt = windowStart(alerts, watermarkOf(checked, market));
    const restsOnRange = read.restingOnRange.size > 0;
    const seenTo = read.seenTo && (restsOnRange ? Math.min(read.seenTo, at - rangeOverlapMs) : read.seenTo);
    markets.push({ market, priceRequests, openedAt, seenTo, restsOnRange });
    const { exchange } = market;
    const symbol = shownSymbol(market);
    if (read.failure !== undefined) failed.push({ exchange, symbol, reason: read.failure });
    else if (read.seenTo !== undefined) left += 1;
  }

  const groups = [...groupBy(byMarket(quotes), ([{ market }]) => sourceName(market))];
  await Promise.all(
    groups.map(([name, ofSource]) => {
      const source = sources.get(name);
      const gatherAll = () => {
        const rulings = source && ruleOut(source, ofSource, gathering);
        const gatherOne = async (group: Group, index: number) =>
          gather(group, source, (await rulings?.[index]) ?? { known: new Set<Alert>(), unproven: [], ruledOut: [] });
        return Promise.all(ofSource.map(gatherOne));
      };
      // Its turn is kept while ranges are waited for: others, that hang, would take it before its first candle call.
      return source === undefined ? gatherAll() : calls.during(source, gatherAll);
    }),
  );
  return { markets, failed, left };
}
