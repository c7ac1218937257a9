import type { WaitingAlert } from '../domain/alert.js';
import type { Candle } from '../domain/candle.js';
import { evaluate, priceEvidence } from '../domain/evaluation.js';
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

interface Waiting extends ReplayedAlert {
  readonly target: number;
}

/** Rounding keeps the order: a target beyond the range as a number is beyond it as a decimal, and need not be judged. */
const isBeyond = ({ alert, target }: Waiting, low: number, high: number): boolean =>
  alert.condition.kind === 'above' ? target > high : target < low;

const endOf = (candle: Candle): number => candle.openAt + candle.spanMs;

/**
 * The production evaluation as if the checks had been made then: at a check the last price is the close of the candle that
 * has just ended, and the candles since the check before are the window. Linear in checks × armed alerts.
 */
export function replay(settings: ReplaySettings): Replayed {
  const { candles, market, everyMs, from, to, isLastPriceOnly = false } = settings;
  const fired: ReplayedFire[] = [];
  let armed = settings.alerts.map((each): Waiting => ({ ...each, target: Number(each.alert.condition.target.text) }));
  let checks = 0;
  let seen = 0;
  for (let at = from; at <= to; at += everyMs) {
    const start = seen;
    for (let next = candles[seen]; next !== undefined && endOf(next) <= at; next = candles[seen]) seen += 1;
    const last = candles[seen - 1];
    if (last === undefined) continue;
    checks += 1;
    const evidence = priceEvidence(market, last.close, at, isLastPriceOnly ? [] : candles.slice(start, seen));
    const [low, high] = [Number(evidence.range.low.text), Number(evidence.range.high.text)];
    armed = armed.filter((waiting) => {
      if (isBeyond(waiting, low, high)) return true;
      const { row, alert } = waiting;
      const decision = evaluate(alert, evidence);
      if (!decision.fire) return true;
      const { touchedAt, price } = decision.firing;
      fired.push({
        row,
        alertId: alert.id,
        symbol: alert.symbol,
        condition: alert.condition.kind,
        targetPrice: alert.condition.target.text,
        touchedAt: new Date(touchedAt).toISOString(),
        firedAt: new Date(at).toISOString(),
        price,
      });
      return false;
    });
  }
  return { checks, fired, silent: armed.length };
}
