import { type Alert, isArmed, type Rearm, type WaitingAlert } from '../alert.js';
import type { MarketEvidence } from '../conditions/judge.js';
import { kindNamed } from '../conditions/registry.js';
import { endOf, type PriceRange } from '../evidence/bar.js';
import { sequenceOf } from '../evidence/fold.js';
import { makeTape } from '../evidence/tape.js';
import { price } from '../price.js';

/** It has fired, and waits for the other side of its target. Nothing may fire it meanwhile, but its market is watched. */
export type ReturningAlert = WaitingAlert & { readonly rearm: Rearm };

export const isReturning = (alert: Alert): alert is ReturningAlert =>
  alert.status === 'pending' && alert.active && alert.rearm !== undefined && alert.overAt === undefined;

/** Its market is asked: what may fire now, and what may be armed again. */
export const isWatched = (alert: Alert): alert is WaitingAlert => isArmed(alert) || isReturning(alert);

/** Where a price proves the other side; undefined where the row does not ask for it any more. */
const otherSide = ({ condition, repeat, rearm }: ReturningAlert) =>
  repeat?.back && kindNamed(condition.kind).back?.(condition.target, repeat.back.share, price(rearm.fired));

/** False where no price within the range could prove the other side. */
export const mayReturn = (alert: ReturningAlert, range: PriceRange): boolean =>
  otherSide(alert)?.mayHold(range) ?? false;

/** From when on its market has to be looked at (ms): no earlier than the claim, and no earlier than others looked. */
export const returnWindowFrom = ({ rearm }: ReturningAlert, watermark: number | undefined): number =>
  rearm.isBehind ? rearm.since : Math.max(rearm.since, watermark ?? rearm.since);

/**
 * What the evidence does to the alert: armed from the end of the candle, or the instant of the price, that proved the
 * other side, and not before its duration is over; undefined where it waits on and nothing has to be written down.
 */
export function afterReturn(
  alert: ReturningAlert,
  { candles, last, lastAt, range }: MarketEvidence,
): Pick<WaitingAlert, 'armedAt' | 'rearm'> | undefined {
  const { armedAt, rearm } = alert;
  const zone = otherSide(alert);
  // The row does not ask for it any more, so there is nothing to wait for.
  if (zone === undefined) return { armedAt: Math.max(rearm.notBefore, lastAt), rearm: undefined };
  const tape = zone.mayHold(range) ? makeTape(candles, last, lastAt, rearm.since) : undefined;
  const proof = (tape ? sequenceOf(tape, false) : []).find(
    ({ openAt, open, high, low, close }) => openAt >= rearm.since && [open, high, low, close].some(zone.has),
  );
  if (proof !== undefined) return { armedAt: Math.max(rearm.notBefore, endOf(proof)), rearm: undefined };
  return rearm.isBehind ? { armedAt, rearm: { ...rearm, isBehind: false } } : undefined;
}
