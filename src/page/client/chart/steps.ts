import { Big } from 'big.js';
import { shownPrice } from '../../../domain/price.js';

/** Digits after the point that the market's prices have, padding left aside. */
export const precisionOf = (prices: readonly string[]): number =>
  Math.max(0, ...prices.map((price) => shownPrice(price).split('.')[1]?.length ?? 0));

/** The largest of 1, 2, 5, 10 … that is no more than `size`, and no less than the market's smallest step. */
export function roundStep(size: number, precision: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const step = [5, 2, 1].map((times) => times * power).find((each) => each <= size * 1.000001) ?? power;
  return Math.max(step, 10 ** -precision);
}

/** As text for a cell. The float of a pixel is rounded here, and never compared. Never zero or below. */
export function roundedText(price: number, step: number, precision: number): string {
  const steps = Math.max(1, Math.round(price / step));
  return new Big((steps * step).toFixed(precision)).toFixed();
}

/** A thousandth of the price is a step that a trader would take: 95,000 moves by 50. */
export const keyStep = (price: number, precision: number): number => roundStep(price / 1_000, precision);
