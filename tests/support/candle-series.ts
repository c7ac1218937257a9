import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candle } from '../../src/domain/evidence/candle.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { sharedFolder } from './shared.js';

/** A seed gives the same numbers again; a failed proof prints it. */
export interface Chance {
  readonly seed: number;
  /** From 0 to 1, 1 excluded. */
  next(): number;
  between(low: number, high: number): number;
  /** A whole number below `count`. */
  below(count: number): number;
  isHit(probability: number): boolean;
}

/** https://github.com/cprosche/mulberry32 */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    seed,
    next,
    between: (low, high) => low + next() * (high - low),
    below: (count) => Math.floor(next() * count),
    isHit: (probability) => next() < probability,
  };
}

/** 1 is what `npm test` does; more takes more. */
export const proofScale = Number(process.env.PROOF_SCALE ?? 1);

/** One minute, prices as the exchange writes them. `openAt` in ms. */
export interface PlainCandle {
  readonly openAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

/** Whole hundred-millionths: what the proofs compare, so that they share no arithmetic with what they prove. */
export function units(text: string): number {
  const [whole = '', fraction = ''] = text.split('.');
  const value = Number(whole + fraction.padEnd(8, '0'));
  if (fraction.length > 8 || !Number.isSafeInteger(value)) throw new Error(`too many digits to compare: ${text}`);
  return value;
}

export function unitsText(value: number, decimals = 2): string {
  const digits = String(value).padStart(9, '0');
  const text = `${digits.slice(0, -8)}.${digits.slice(-8)}`;
  return text.slice(0, text.length - (8 - decimals));
}

export const toCandle = ({ openAt, open, high, low, close }: PlainCandle): Candle => ({
  openAt,
  spanMs: minuteMs,
  open: price(open),
  high: price(high),
  low: price(low),
  close: price(close),
});

const cent = 1_000_000;

/** A random walk in cents, with quiet and wild hours, leaps, and long wicks. */
export function generateCandles(
  chance: Chance,
  settings: { count: number; startAt: number; price?: number; missingShare?: number },
): PlainCandle[] {
  const { count, startAt, price: first = 23_000, missingShare = 0 } = settings;
  const candles: PlainCandle[] = [];
  let last = Math.round(first * 100);
  let wildness = 0.0006;
  for (let minute = 0; minute < count; minute += 1) {
    if (minute % 60 === 0) wildness = 0.0002 + chance.next() ** 3 * 0.0025;
    const step = (): number => Math.round(last * wildness * (chance.next() + chance.next() - 1));
    const open = Math.max(100, last + (chance.isHit(0.01) ? step() * 5 : 0));
    const close = Math.max(100, open + step());
    const wick = (): number => Math.abs(chance.isHit(0.05) ? step() * 4 : step());
    const high = Math.max(open, close) + wick();
    const low = Math.max(1, Math.min(open, close) - wick());
    last = close;
    if (chance.isHit(missingShare)) continue;
    const text = (cents: number) => unitsText(cents * cent);
    const openAt = startAt + minute * minuteMs;
    candles.push({ openAt, open: text(open), high: text(high), low: text(low), close: text(close) });
  }
  return candles;
}

const sharedFile = join(sharedFolder, 'candles', 'BTCUSDT-1m-2023-03.csv');

/** Three weeks of real candles, which lie beside the checkout where these tests are developed. */
export const sharedFilePath: string | undefined = existsSync(sharedFile) ? sharedFile : undefined;

export function readSharedCandles(): PlainCandle[] {
  if (sharedFilePath === undefined) return [];
  const [, ...lines] = readFileSync(sharedFilePath, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [time = '', open = '', high = '', low = '', close = ''] = line.split(',');
    return { openAt: Date.parse(time.replace(' ', 'T')), open, high, low, close };
  });
}

/** What a proof found out, beside the names of its tests. */
export function report(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
