import * as v from 'valibot';
import { type FundingRate, RateText } from '../../../domain/funding.js';
import { err, type Result } from '../../../domain/result.js';
import { joinedSymbol } from '../../../domain/symbol.js';
import type { PriceError, Ticker } from '../../../flows/ports/price-source.js';
import type { Perpetuals } from '../exchange.js';
import { noRate, pickRates, settlingRate, unlistedPerpetual } from '../perpetual-list.js';
import { pickTickers, readEntry } from '../ticker-list.js';
import { askCandles, askTickers, candleOffer, readTicker } from './answers.js';

const Text = v.optional(v.string('expected text'), '');
const Contract = v.object({ fundingRate: Text, deliveryTime: Text });
const Funding = v.object({ fundingRate: Text, fundingIntervalHour: Text, nextFundingTime: Text });

/** They stand in the same list. A perpetual that will be delisted has a delivery time too, and a rate. */
const hasEnd = ({ fundingRate, deliveryTime }: v.InferOutput<typeof Contract>): boolean =>
  fundingRate === '' && Number(deliveryTime) > 0;

function readPerpetual(entry: unknown): Result<Ticker, PriceError> {
  const contract = v.safeParse(Contract, entry);
  return contract.success && hasEnd(contract.output)
    ? err({ kind: 'no-price', detail: 'a contract with an end' })
    : readTicker(entry);
}

/** All three are text, empty for a contract with an end. */
const readRate =
  (now: number) =>
  (entry: unknown): Result<FundingRate, PriceError> =>
    readEntry(Funding, entry, ({ fundingRate, fundingIntervalHour, nextFundingTime }) => {
      if (fundingRate === '') return noRate('it has none, as a contract with an end');
      const rate = v.safeParse(RateText, fundingRate);
      if (!rate.success) return noRate(rate.issues[0].message);
      if (!/^[1-9]\d{0,3}$/.test(fundingIntervalHour)) return noRate('the exchange does not tell its interval');
      const nextAt = Number(nextFundingTime);
      if (!(nextAt > 0)) return noRate('the exchange does not tell when it settles next');
      return settlingRate({ rate: rate.output, intervalHours: Number(fundingIntervalHour), nextAt }, now);
    });

/** `BTC-USDC` is `BTCPERP` here: those settled in USDC have no quote in their name. */
function toExchangeSymbol(symbol: string): string {
  const joined = joinedSymbol(symbol);
  return /.USDC$/.test(joined) ? joined.replace(/USDC$/, 'PERP') : joined;
}

/** Linear contracts: on the same host as spot, and a rate in each ticker. */
export const createPerpetuals = (): Perpetuals<'BYBIT_BASE_URL'> => ({
  toExchangeSymbol,
  tickers: (get, { BYBIT_BASE_URL: origin }, symbols) =>
    askTickers(get, origin, 'linear', (list) => pickTickers(list, 'symbol', symbols, readPerpetual, unlistedPerpetual)),
  funding: (get, { BYBIT_BASE_URL: origin }, symbols, now) =>
    askTickers(get, origin, 'linear', (list) => pickRates(list, 'symbol', symbols, readRate(now))),
  candleOffer,
  candles: (get, { BYBIT_BASE_URL: origin }, symbol, request) =>
    askCandles(get, origin, { category: 'linear', symbol, request }),
});
