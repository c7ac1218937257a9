import type { ExchangeName } from '../../domain/market.js';
import { binance } from './binance.js';
import { bybit } from './bybit.js';
import { coinbase } from './coinbase.js';
import type { Exchange } from './exchange.js';

/** A name without an exchange does not compile. */
export const exchanges: Readonly<Record<ExchangeName, Exchange>> = {
  binance,
  bybit,
  coinbase,
};
