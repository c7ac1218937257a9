import type { Bar } from './bar.js';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** What an exchange tells of a stretch of time; the last one of an answer may still be growing. */
export type Candle = Bar;

/** The start of the candle that an instant falls into. */
export const candleStart = (instant: number, spanMs: number): number => Math.floor(instant / spanMs) * spanMs;
