import * as v from 'valibot';
import { type FundingRate, RateText } from '../../../domain/funding.js';
import { ok, type Result } from '../../../domain/result.js';
import { symbolParts } from '../../../domain/symbol.js';
import { hourMs } from '../../../domain/time.js';
import type { PriceError } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Perpetuals } from '../exchange.js';
import { noRate, pickRates, settlingRate } from '../perpetual-list.js';
import { readEntry } from '../ticker-list.js';
import { askAll, askCandles, askTickers, candleOffer } from './answers.js';

const Text = v.optional(v.string('expected text'), '');
const Funding = v.object({
  instId: Text,
  instType: Text,
  fundingRate: Text,
  fundingTime: Text,
  nextFundingTime: Text,
});

/**
 * X-Perps stand in the same list and are futures with an end, five years off. The settlement to come is at `fundingTime`;
 * `nextFundingTime` is the one after, and the time between them is the interval.
 * https://www.okx.com/docs-v5/en/#public-data-rest-api-get-funding-rate
 */
const readRate =
  (now: number) =>
  (entry: unknown): Result<FundingRate, PriceError> =>
    readEntry(Funding, entry, ({ instId, instType, fundingRate, fundingTime, nextFundingTime }) => {
      if (instType !== 'SWAP') return noRate('it has an end');
      if (!instId.endsWith('-USDT-SWAP')) return noRate('it is not settled in USDT');
      const rate = v.safeParse(RateText, fundingRate);
      if (!rate.success) return noRate(rate.issues[0].message);
      const nextAt = Number(fundingTime);
      if (!(nextAt > 0)) return noRate('the exchange does not tell when it settles next');
      const intervalHours = (Number(nextFundingTime) - nextAt) / hourMs;
      if (!(Number.isInteger(intervalHours) && intervalHours > 0)) {
        return noRate('the exchange does not tell its interval');
      }
      return settlingRate({ rate: rate.output, intervalHours, nextAt }, now);
    });

/** Swaps that are settled in USDT: on the same host as spot, and in lists of the same form. */
export const createPerpetuals = (): Perpetuals<'OKX_BASE_URL'> => ({
  toExchangeSymbol(symbol, isNamed) {
    const parts = symbolParts(symbol, isNamed ? ['USDT'] : undefined);
    return parts?.quote === 'USDT' ? `${parts.base}-USDT-SWAP` : undefined;
  },
  tickers: (get, { OKX_BASE_URL: origin }, symbols, now) => askTickers(get, origin, { instType: 'SWAP', symbols, now }),
  funding: (get, { OKX_BASE_URL: origin }, symbols, now) =>
    askAll(
      get,
      address(origin, '/api/v5/public/funding-rate', [['instId', 'ANY']]),
      'a list of funding rates',
      (list) => {
        const rates = pickRates(list, 'instId', symbols, readRate(now));
        return rates && ok(rates);
      },
    ),
  candleOffer,
  candles: (get, { OKX_BASE_URL: origin }, symbol, request) => askCandles(get, origin, symbol, request),
});
