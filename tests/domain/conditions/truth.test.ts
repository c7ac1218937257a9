import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ConditionMemory,
  judgeCondition,
  lookBackMs,
  marketEvidence,
  readMemory,
  storeMemory,
} from '../../../src/domain/conditions/judge.js';
import type { Condition } from '../../../src/domain/conditions/registry.js';
import type { Bar } from '../../../src/domain/evidence/bar.js';
import type { Met } from '../../../src/domain/evidence/fold.js';
import { price } from '../../../src/domain/price.js';
import { condition } from '../../support/conditions.js';
import { barsOf, standingAt, start, type Tick, ticksBySecond, ticksWithin } from './market.js';
import { type Story, truths } from './truths.js';

const minutes = 6;
const highest = 12;

/** A check sees the price that stands at `at`, and candles of the trades up to `candlesTo`. */
interface Check {
  readonly at: number;
  readonly candlesTo: number;
}

interface Told {
  readonly check: Check;
  readonly met: Met | undefined;
  readonly hasOpen: boolean;
}

/** The checks up to the first that fires; what is remembered goes through its stored form. */
function checkAll(
  condition: Condition,
  armedAt: number,
  ticks: readonly Tick[],
  checks: readonly Check[],
  candlesOf: (ticks: readonly Tick[]) => readonly Bar[],
): readonly Told[] {
  const told: Told[] = [];
  let memory: ConditionMemory | undefined;
  for (const check of checks) {
    const last = standingAt(ticks, check.at);
    if (last === undefined) continue;
    const candles = candlesOf(ticks.filter(({ at }) => at <= check.candlesTo));
    const keepTo = Math.min(check.at, check.candlesTo);
    const evidence = marketEvidence(candles, price(String(last)), check.at);
    const judged = judgeCondition(condition, { armedAt, memory, keepTo }, evidence);
    told.push({ check, met: judged.met, hasOpen: judged.open.length > 0 });
    if (judged.met !== undefined) return told;
    if (memory !== undefined && judged.memory !== undefined) {
      expect(judged.memory.asOf).toBeGreaterThanOrEqual(memory.asOf);
    }
    memory = judged.memory && readMemory(condition, JSON.parse(JSON.stringify(storeMemory(condition, judged.memory))));
  }
  return told;
}

/** What was told at the arming counts as traded then: the price that stood. */
function storyOf(ticks: readonly Tick[], armedAt: number, isSeen: (tick: Tick) => boolean): Story {
  const standing = standingAt(ticks, armedAt);
  const since = ticks.filter((tick) => tick.at > armedAt && isSeen(tick));
  return {
    since: standing === undefined ? since : [{ at: armedAt, price: standing, isStanding: true }, ...since],
    before: ticks.filter((tick) => tick.at <= armedAt),
  };
}

const numRuns = 150;
const seed = 11;

/** The first check is the one that arms. */
function checksFrom(armedAt: number, gaps: readonly number[], lags: readonly number[]): Check[] {
  const checks: Check[] = [{ at: armedAt, candlesTo: armedAt }];
  let at = armedAt;
  for (const [index, gap] of gaps.entries()) {
    at += gap;
    checks.push({ at, candlesTo: at + (lags[index] ?? 0) });
  }
  return checks;
}

const instants = fc.integer({ min: 0, max: (minutes - 2) * 60_000 }).map((after) => start + after);
const gapsBetween = fc.array(fc.integer({ min: 1_000, max: 150_000 }), { minLength: 1, maxLength: 6 });
/** Exchanges and their caches are seconds behind, and candles are asked for after the last price. */
const lagsOf = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 6, maxLength: 6 });

const byMinute = (ticks: readonly Tick[]) => barsOf(ticks, 60_000);
const bySecond = (ticks: readonly Tick[]) => barsOf(ticks, 1_000);
const fullSeconds = (ticks: readonly Tick[]) => [...barsOf(ticks, 60_000), ...barsOf(ticks, 1_000)];

describe.each(truths.map((truth) => ({ ...truth, truth })))('$kind $target', ({ truth }) => {
  const asked = condition(`${truth.kind} ${truth.target}`);

  test('is never early on bars, and never missed where they leave nothing open', () => {
    fc.assert(
      fc.property(
        ticksWithin(minutes, highest),
        instants,
        gapsBetween,
        lagsOf,
        fc.constantFrom(byMinute, bySecond, fullSeconds),
        (ticks, armedAt, gaps, lags, candlesOf) => {
          const checks = checksFrom(armedAt, gaps, lags);
          const told = checkAll(asked, armedAt, ticks, checks, candlesOf);
          let hasOpen = false;
          for (const { check, met, hasOpen: isOpenHere } of told) {
            hasOpen ||= isOpenHere;
            const known = Math.max(check.at, check.candlesTo);
            if (met !== undefined) {
              expect(truth.isMet(storyOf(ticks, armedAt, ({ at }) => at <= known))).toBe(true);
              expect(met.touchedAt).toBeGreaterThanOrEqual(armedAt);
              const reached = Number(met.price.text);
              const after = ticks.filter(({ at }) => at >= met.touchedAt && at <= known);
              expect([standingAt(ticks, check.at), ...after.map((tick) => tick.price)]).toContain(reached);
              continue;
            }
            const spanMs = candlesOf === bySecond ? 1_000 : 60_000;
            const seen = ({ at }: Tick): boolean =>
              at <= check.candlesTo && Math.floor(at / spanMs) * spanMs >= armedAt;
            const story = storyOf(ticks, armedAt, seen);
            // At the arming, only whole bars can be compared with.
            const whole = story.before.filter(({ at }) => (Math.floor(at / spanMs) + 1) * spanMs <= armedAt);
            const atArming = { since: story.since.slice(0, 1), before: whole };
            const later = { since: story.since.slice(1), before: story.before };
            const isLookBack = lookBackMs(asked) > 0;
            const shown = isLookBack ? truth.isMet(atArming) || truth.isMet(later) : truth.isMet(story);
            if (!hasOpen && standingAt(ticks, armedAt) !== undefined) expect(shown).toBe(false);
          }
        },
      ),
      { numRuns, seed },
    );
  });

  test('is never early and never missed on bars that hold one trade each', () => {
    // The instant of a trade is known to the span of its bar, which only the look-backs mind.
    const spanMs = lookBackMs(asked) > 0 ? 1 : 1_000;
    fc.assert(
      fc.property(
        ticksBySecond(minutes, highest),
        instants.map((instant) => Math.floor(instant / 1000) * 1000),
        gapsBetween.map((gaps) => gaps.map((gap) => Math.floor(gap / 1000) * 1000)),
        (ticks, armedAt, gaps) => {
          fc.pre(standingAt(ticks, armedAt) !== undefined);
          const checks = checksFrom(armedAt, gaps, []);
          const told = checkAll(asked, armedAt, ticks, checks, (seen) => barsOf(seen, spanMs));
          for (const { check, met, hasOpen } of told) {
            expect(hasOpen).toBe(false);
            expect(met !== undefined).toBe(truth.isMet(storyOf(ticks, armedAt, ({ at }) => at <= check.at)));
          }
        },
      ),
      { numRuns, seed },
    );
  });
});
