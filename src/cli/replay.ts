import type { Trigger, WaitingAlert } from '../domain/alert.js';
import type { ConditionKind } from '../domain/condition.js';
import { evaluate, type PriceEvidence, priceEvidence } from '../domain/evaluation.js';
import type { Candle } from '../domain/evidence/candle.js';
import type { Market } from '../domain/market.js';

/** `row` is the alert's row in its file. */
export interface ReplayedAlert {
  readonly row: number;
  readonly alert: WaitingAlert;
}

export interface ReplaySettings {
  /** Of one market, oldest first. */
  readonly candles: readonly Candle[];
  readonly alerts: readonly ReplayedAlert[];
  readonly market: Market;
  /** ms */
  readonly everyMs: number;
  /** The first check is at `from`, or as soon after it as a candle has ended; it looks at all that came before. */
  readonly from: number;
  readonly to: number;
  /** What a checker sees that knows nothing but last prices. */
  readonly isLastPriceOnly?: boolean;
}

export interface ReplayedFire {
  readonly row: number;
  readonly alertId: string;
  readonly symbol: string;
  readonly condition: string;
  readonly targetPrice: string;
  /** ISO 8601, UTC. */
  readonly touchedAt: string;
  readonly firedAt: string;
  /** How far the price went. */
  readonly price: string;
}

export interface Replayed {
  readonly checks: number;
  readonly fired: readonly ReplayedFire[];
  readonly silent: number;
}

const endOf = (candle: Candle): number => candle.openAt + candle.spanMs;

interface Waiting extends ReplayedAlert {
  /** Lower is nearer to being touched. */
  readonly distance: number;
}

/**
 * Nearest target first, so that a check is done at the first one beyond its reach. Numbers suffice for that: rounding
 * keeps the order, so what is beyond reach as a number is beyond it as a decimal.
 */
function queueOf(alerts: readonly ReplayedAlert[], kind: ConditionKind): Waiting[] {
  const sign = kind === 'above' ? 1 : -1;
  return alerts
    .filter(({ alert }) => alert.condition.kind === kind)
    .map((each) => ({ ...each, distance: sign * Number(each.alert.condition.target.text) }))
    .sort((a, b) => a.distance - b.distance);
}

const firedAt = (at: number, row: number, alert: WaitingAlert, { touchedAt, price }: Trigger): ReplayedFire => ({
  row,
  alertId: alert.id,
  symbol: alert.symbol,
  condition: alert.condition.kind,
  targetPrice: alert.condition.target.text,
  touchedAt: new Date(touchedAt).toISOString(),
  firedAt: new Date(at).toISOString(),
  price,
});

/** The alerts that fire, and the queue of those that still wait. */
function judge(
  queue: readonly Waiting[],
  reach: number,
  evidence: PriceEvidence,
): [ReplayedFire[], readonly Waiting[]] {
  const beyond = queue.findIndex(({ distance }) => distance > reach);
  const within = beyond < 0 ? queue : queue.slice(0, beyond);
  const fired: ReplayedFire[] = [];
  const waiting = within.filter(({ row, alert }) => {
    const decision = evaluate(alert, evidence);
    if (decision.fire) fired.push(firedAt(evidence.lastAt, row, alert, decision.trigger));
    return !decision.fire;
  });
  return fired.length === 0 ? [fired, queue] : [fired, [...waiting, ...queue.slice(within.length)]];
}

/**
 * The production evaluation as if the checks had been made then: at a check the last price is the close of the candle that
 * has just ended, and the candles since the check before are the window.
 */
export function replay(settings: ReplaySettings): Replayed {
  const { candles, alerts, market, everyMs, from, to, isLastPriceOnly = false } = settings;
  const fired: ReplayedFire[][] = [];
  let above: readonly Waiting[] = queueOf(alerts, 'above');
  let below: readonly Waiting[] = queueOf(alerts, 'below');
  let checks = 0;
  let seen = 0;
  for (let at = from; at <= to; at += everyMs) {
    const start = seen;
    for (let next = candles[seen]; next !== undefined && endOf(next) <= at; next = candles[seen]) seen += 1;
    const last = candles[seen - 1];
    if (last === undefined) continue;
    checks += 1;
    const evidence = priceEvidence(market, last.close, at, isLastPriceOnly ? [] : candles.slice(start, seen));
    const { low, high } = evidence.range;
    const [risen, stillAbove] = judge(above, Number(high.text), evidence);
    const [fallen, stillBelow] = judge(below, -Number(low.text), evidence);
    fired.push([...risen, ...fallen].sort((a, b) => a.row - b.row));
    above = stillAbove;
    below = stillBelow;
  }
  return { checks, fired: fired.flat(), silent: above.length + below.length };
}
