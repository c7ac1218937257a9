import type { Trigger, WaitingAlert } from '../domain/alert.js';
import { canMatter, lookBackMs } from '../domain/conditions/judge.js';
import { type Decision, evaluate } from '../domain/evaluation.js';
import type { Candle } from '../domain/evidence/candle.js';
import type { Market } from '../domain/market.js';
import { minuteMs } from '../domain/time.js';
import { createReplayedChecks, type ReplayedChecks } from './replayed-checks.js';
import { rearmed } from './replayed-repeats.js';

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
  /** Alerts that never fired. */
  readonly silent: number;
}

const replayedFire = (at: number, row: number, alert: WaitingAlert, { touchedAt, price }: Trigger): ReplayedFire => ({
  row,
  alertId: alert.id,
  symbol: alert.symbol,
  condition: alert.condition.kind,
  targetPrice: alert.condition.target.text,
  touchedAt: new Date(touchedAt).toISOString(),
  firedAt: new Date(at).toISOString(),
  price,
});

/** More candles than this are not looked at in one go: most would be beyond the touch. */
const mostCandles = 1_024;

interface Fire {
  readonly check: number;
  readonly trigger: Trigger;
}

const remembering = (alert: WaitingAlert, market: Market, { memory }: Decision): WaitingAlert =>
  memory === undefined ? alert : { ...alert, memory: { market, judged: memory } };

/** The first check from `from` on at which anything could matter, found by halves: what a wide range rules out, each part of it does. */
function firstThatMatters(checks: ReplayedChecks, { condition, memory }: WaitingAlert, from: number): number {
  const mayMatter = (first: number, last: number): boolean => {
    const range = checks.rangeOf(first, last, lookBackMs(condition));
    return canMatter(condition, memory?.judged, { ...range, last: range.low });
  };
  const find = (first: number, last: number): number => {
    if (first > last || !mayMatter(first, last)) return checks.count;
    if (first === last) return first;
    const middle = (first + last) >> 1;
    const early = find(first, middle);
    return early < checks.count ? early : find(middle + 1, last);
  };
  return find(from, checks.count - 1);
}

/** Check by check, but several at once where a look at one of them did not tell. */
function firstFire(
  checks: ReplayedChecks,
  waiting: WaitingAlert,
  market: Market,
  from: number,
  isOneByOne: boolean,
): Fire | undefined {
  const backMs = lookBackMs(waiting.condition);
  let alert = waiting;
  let check = Math.max(from, checks.firstFrom(alert.armedAt));
  let atOnce = 1;
  // The first check is that of the arming: it has the price that the alert begins with.
  while (check < checks.count) {
    // Until a candle has begun since the arming, each last price may tell more than the candles.
    const isAlone = isOneByOne || !checks.hasCandleFrom(check, alert.armedAt);
    let to = Math.min(checks.count, check + (isAlone ? 1 : atOnce)) - 1;
    while (to > check && checks.newCandles(check, to) > mostCandles) to = (check + to) >> 1;
    const decision = evaluate(alert, checks.evidenceOf(check, to, backMs));
    alert = remembering(alert, market, decision);
    if (decision.fire && to === check) return { check, trigger: decision.trigger };
    if (decision.fire) {
      check = Math.min(to, checks.firstFrom(decision.trigger.touchedAt + minuteMs));
      atOnce = 1;
      continue;
    }
    const next = firstThatMatters(checks, alert, to + 1);
    atOnce = next === to + 1 ? atOnce * 2 : 1;
    check = next;
  }
  return undefined;
}

/** The production evaluation as if the checks had been made then, for each alert by itself, every one of its fires. */
export function replay(settings: ReplaySettings): Replayed {
  const { candles, alerts, market, isLastPriceOnly = false } = settings;
  const checks = createReplayedChecks(market, candles, settings, isLastPriceOnly);
  const fired: { readonly check: number; readonly fire: ReplayedFire }[] = [];
  let silent = 0;
  for (const { row, alert } of alerts) {
    const before = fired.length;
    let next = 0;
    for (let waiting: WaitingAlert | undefined = alert; waiting !== undefined; ) {
      const fire = firstFire(checks, waiting, market, next, isLastPriceOnly);
      if (fire === undefined) break;
      fired.push({ check: fire.check, fire: replayedFire(checks.at(fire.check), row, waiting, fire.trigger) });
      const again = rearmed(checks, waiting, fire);
      waiting = again?.alert;
      next = again?.from ?? checks.count;
    }
    if (fired.length === before) silent += 1;
  }
  const inOrder = fired.toSorted((a, b) => a.check - b.check || a.fire.row - b.fire.row);
  return { checks: checks.count, fired: inOrder.map(({ fire }) => fire), silent };
}
