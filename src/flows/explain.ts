import type { Alert } from '../domain/alert.js';
import { isArmed } from '../domain/alert.js';
import { distancePercent, distancePoints, looksAtFunding } from '../domain/conditions/judge.js';
import { afterReturn, isReturning, isWatched } from '../domain/delivery/rearm.js';
import { evaluate, type PriceEvidence } from '../domain/evaluation.js';
import { verdictByDay } from '../domain/evidence/needed-candles.js';
import { alertWindow, noWatermarks, type Watermarks, watermarkOf } from '../domain/evidence/watermark.js';
import type { Explanation, Foreseen, SeenNow } from '../domain/explanation.js';
import { afterFundingReturn, evaluateFunding, type FundingEvidence } from '../domain/funding-evaluation.js';
import type { FireRecord } from '../domain/history.js';
import { marketKey, sourceName } from '../domain/market.js';
import { dayMs } from '../domain/time.js';
import { createExchangeCalls } from './ask-exchanges.js';
import { createCandleHistory } from './candle-history.js';
import { gatherEvidence } from './gather-evidence.js';
import { gatherQuotes } from './gather-quotes.js';
import type { Checkpoint } from './ports/alert-store.js';
import type { Ports } from './ports/ports.js';
import { priceRequestsOf, sourcesByName } from './price-requests.js';
import { dayRangeOf, type RecordedSources, recordedSources } from './recorded-sources.js';
import type { Run } from './run.js';

type ExplainPorts = Pick<Ports, 'exchanges' | 'history' | 'now'>;

/** Where an alert stands, as far as the sheet and the table tell. */
export interface Explained extends Pick<Explanation, 'alert' | 'isStored' | 'row'> {
  readonly checkpoint: Checkpoint | undefined;
}

type Looked = Pick<Explanation, 'seen' | 'failed' | 'foreseen'> & { readonly isPartial: boolean };

const dryRun = (now: number): Run => ({
  ...{ runId: 'explain', startedAt: now, isDryRun: true, requestsAtATime: 10 },
  hasTime: () => true,
});

function foreseenBy(alert: Alert, evidence: PriceEvidence): Foreseen {
  if (isReturning(alert)) {
    const to = afterReturn(alert, evidence);
    return { kind: to !== undefined && to.rearm === undefined ? 'armed-again' : 'waits' };
  }
  const decision = evaluate(alert, evidence);
  return decision.fire ? { kind: 'fires', trigger: decision.trigger } : { kind: 'silent', reason: decision.reason };
}

function foreseenByFunding(alert: Alert, evidence: FundingEvidence): Foreseen {
  if (isReturning(alert)) return { kind: afterFundingReturn(alert, evidence) === undefined ? 'waits' : 'armed-again' };
  const decision = evaluateFunding(alert, evidence);
  return decision.fire ? { kind: 'fires', trigger: decision.trigger } : { kind: 'silent', reason: decision.reason };
}

function seenPrice(alert: Alert, found: Pick<PriceEvidence, 'market' | 'last' | 'lastAt'>, recorded: RecordedSources) {
  const { market, last, lastAt } = found;
  const ticker = recorded.ticker(market);
  return {
    ...{ market, last, at: lastAt, day: ticker && dayRangeOf(ticker) },
    distance: distancePercent(alert.condition, alert.memory?.judged, last),
  };
}

/** As a check would, and nothing is written or sent. */
async function lookAsACheck(
  alert: Alert,
  recorded: RecordedSources,
  { now }: ExplainPorts,
  before: Watermarks,
): Promise<Looked> {
  let seen: SeenNow | undefined;
  let foreseen: Foreseen | undefined;
  let isPartial = false;
  const { failed } = await gatherEvidence(
    { exchanges: recorded.sources, now },
    [alert],
    { before, history: createCandleHistory() },
    dryRun(now()),
    (_, evidence, canAskFiner) => {
      seen = seenPrice(alert, evidence, recorded);
      isPartial = evidence.isPartial === true;
      foreseen = foreseenBy(alert, evidence);
      const { fire, open = [] } = evaluate(alert, evidence);
      return !fire && canAskFiner && open.length > 0 ? [{ alert, open }] : [];
    },
    (_, evidence) => {
      const { market, funding, at } = evidence;
      seen = { market, at, funding, distance: distancePoints(alert.condition, funding) };
      foreseen = foreseenByFunding(alert, evidence);
    },
  );
  const silent: Foreseen = { kind: 'silent', reason: 'no-price' };
  return { seen, failed, isPartial, foreseen: isWatched(alert) ? (foreseen ?? silent) : undefined };
}

/** Nothing can fire it now, so the last price is all that is asked for. */
async function lookAtPrice(alert: Alert, recorded: RecordedSources, { now }: ExplainPorts): Promise<Looked> {
  const { sources } = recorded;
  const calls = createExchangeCalls({ now }, dryRun(now()));
  const { quotes, failed } = await gatherQuotes(sources, priceRequestsOf([alert]), calls);
  const [quote] = quotes;
  const seen = quote && seenPrice(alert, { market: quote.market, last: quote.ticker.last, lastAt: quote.at }, recorded);
  return { seen, failed, isPartial: false, foreseen: undefined };
}

/** A fire is committed soon after its claim, by which it is found; what took longer is told by the alert's own count. */
async function lastFireOf({ history }: ExplainPorts, { id, triggeredAt }: Alert): Promise<FireRecord | undefined> {
  if (triggeredAt === undefined) return undefined;
  const { records } = await history.read({ alertId: id, from: triggeredAt - dayMs, to: triggeredAt + 1 });
  return records.findLast((each) => each.kind === 'fired');
}

/**
 * A dry run of one alert's market: what a check would see, ask and decide, were it now. Nothing is written or sent. Throws
 * the store's error where the history cannot be read.
 */
export async function explain(ports: ExplainPorts, explained: Explained): Promise<Explanation> {
  const { alert, checkpoint } = explained;
  const before = checkpoint?.watermarks ?? noWatermarks;
  const recorded = recordedSources(ports.exchanges);
  const isLooked = isWatched(alert) || looksAtFunding(alert.condition);
  const look = isLooked ? lookAsACheck(alert, recorded, ports, before) : lookAtPrice(alert, recorded, ports);
  const [{ isPartial, ...looked }, lastFire] = await Promise.all([look, lastFireOf(ports, alert)]);
  const { seen } = looked;
  const { alert: _, checkpoint: __, ...standing } = explained;
  const from = seen && alertWindow(alert, watermarkOf(before, seen.market));
  const isByPrice = isWatched(alert) && seen !== undefined && 'last' in seen;
  const source = seen && sourcesByName(ports.exchanges).get(sourceName(seen.market));
  const ticker = seen && recorded.ticker(seen.market);
  const verdict =
    isByPrice && from !== undefined && ticker !== undefined
      ? verdictByDay(alert, {
          ...{ last: seen.last, day: ticker, from, now: seen.at },
          smallestSpanMs: source?.candleOffer.spansMs[0] ?? 0,
        })
      : undefined;
  return {
    ...standing,
    ...looked,
    alert,
    at: ports.now(),
    window: isByPrice && isArmed(alert) && from !== undefined ? { from, to: seen.at } : undefined,
    candles: {
      ...{ verdict, isPartial, asked: recorded.candles },
      hasAskedRanges: seen !== undefined && recorded.rangesAskedOf.has(marketKey(seen.market)),
    },
    accountWaits: checkpoint?.accountWaits ?? {},
    lastFire,
    checks: {
      lastAt: checkpoint?.checkedAt,
      everyMs: checkpoint?.lastCheckedAt === undefined ? undefined : checkpoint.checkedAt - checkpoint.lastCheckedAt,
    },
  };
}
