import type { Alert } from '../domain/alert.js';
import { evaluate, priceEvidence } from '../domain/evaluation.js';
import type { PriceQuote } from './gather-quotes.js';
import type { PriceSource } from './ports/price-source.js';

/** Candles that only say since when are asked of so many markets of a source, or for so long at its pace. */
const mostMarkets = 100;
const longestMs = 2_000;

/** Of how many markets that fire by their last price candles may be asked for, though they only say since when. */
export const mostAskedSinceWhen = ({ requestsPerSecond = Number.POSITIVE_INFINITY }: PriceSource): number =>
  Math.min(mostMarkets, (requestsPerSecond * longestMs) / 1_000);

/**
 * Whether an alert fires by the last price, and candles could only say since when. What is measured from an earlier price
 * is left out: a candle may know a better one.
 */
export function isKnownByPrice(alert: Alert, { market, ticker, at }: PriceQuote): boolean {
  const decision = evaluate(alert, priceEvidence(market, ticker.last, at));
  return decision.fire && decision.trigger.reference === undefined;
}
