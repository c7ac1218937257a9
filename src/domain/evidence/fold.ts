import type { Price } from '../price.js';
import { type Bar, endOf, type PriceAt, type Stretch, stretchOf } from './bar.js';
import { type Direction, farEnd, further } from './direction.js';
import type { Tape } from './tape.js';

/** What a condition has to remember of the time since it was armed: all that came before `asOf` (ms) is in the facts. */
export interface Memory<Facts> {
  readonly asOf: number;
  readonly facts: Facts;
}

/** A bar proved that the condition was met. */
export interface Meeting {
  /** Traded in the bar when the condition was met, or after. */
  readonly price: Price;
  /** Where "how far it went" points to; undefined where there is no such direction, or two. */
  readonly direction: Direction | undefined;
  /** The earlier price that it is measured from, where there is one. */
  readonly reference: PriceAt | undefined;
}

/** What a bar does to a condition. */
export interface Step<Facts> {
  readonly facts: Facts;
  readonly meeting: Meeting | undefined;
  /** Neither proven nor ruled out: the bars of which finer ones could tell. */
  readonly open: readonly Bar[];
}

export interface Met {
  /** How far the price went, up to the end of the tape. */
  readonly price: Price;
  /** The start of the bar that proved it, or the instant of the last price (ms). */
  readonly touchedAt: number;
  readonly reference: PriceAt | undefined;
}

export interface Judgement<Facts> {
  readonly met: Met | undefined;
  /** Oldest first. Where the condition was met, only what came before. */
  readonly open: readonly Stretch[];
  /** Undefined for a condition that remembers nothing. */
  readonly memory: Memory<Facts> | undefined;
}

/** Instants in ms. */
export interface Judging<Facts> {
  readonly tape: Tape;
  /** Bars that began earlier move the memory on, and no more. */
  readonly armedAt: number;
  /** Bars that end later may still change, so they are no part of the memory that is kept. */
  readonly keepTo: number;
  readonly memory: Memory<Facts> | undefined;
}

/** The bars in which a condition may be met. The last price is the end of the tape where nothing on it may be newer. */
export const sequenceOf = ({ bars, last, isLastAfterBars }: Tape, needsOrder: boolean): readonly Bar[] =>
  isLastAfterBars || !needsOrder ? [...bars, last] : bars;

function howFar({ price, direction }: Meeting, after: readonly Bar[]): Price {
  if (direction === undefined) return price;
  return after.reduce((reached, bar) => further(direction, reached, farEnd(bar, direction)), price);
}

/**
 * Walks over the bars up to the first that meets the condition. The memory stops short of that one, so that a claim that
 * failed is decided again in the same way.
 */
export function fold<Facts>(
  bars: readonly Bar[],
  { armedAt, keepTo }: { armedAt: number; keepTo: number },
  from: Memory<Facts>,
  step: (facts: Facts, bar: Bar, index: number) => Step<Facts>,
): Judgement<Facts> {
  let { facts } = from;
  let memory = from;
  const open: Stretch[] = [];
  for (const [index, bar] of bars.entries()) {
    const taken = step(facts, bar, index);
    if (bar.openAt >= armedAt) {
      const { meeting } = taken;
      if (meeting !== undefined) {
        const price = howFar(meeting, bars.slice(index + 1));
        return { met: { price, touchedAt: bar.openAt, reference: meeting.reference }, open, memory };
      }
      open.push(...taken.open.filter(({ spanMs }) => spanMs > 0).map(stretchOf));
    }
    ({ facts } = taken);
    if (bar.spanMs > 0 && endOf(bar) <= keepTo) memory = { asOf: endOf(bar), facts };
  }
  return { met: undefined, open, memory };
}

/**
 * For a condition that needs the price it was armed at. "Since armed" begins with the first price that is known since:
 * as a rule the last price at the check that arms, and after an outage the open of the first bar since.
 */
export function foldFromStart<Facts>(
  judging: Judging<Facts>,
  start: (price: Price, at: number) => Facts,
  step: (facts: Facts, bar: Bar) => Step<Facts>,
): Judgement<Facts> {
  const { tape, memory } = judging;
  const first = tape.bars[0] ?? tape.last;
  const from = memory ?? { asOf: first.openAt, facts: start(first.open, first.openAt) };
  return fold(sequenceOf(tape, true), judging, from, step);
}
