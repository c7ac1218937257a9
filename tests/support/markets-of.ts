import type { Exchange, Markets } from '../../src/adapters/exchanges/exchange.js';
import type { MarketKind } from '../../src/domain/market.js';

/** How the markets of one kind of an exchange are asked. */
export function marketsOf(exchange: Exchange, kind: MarketKind = 'spot'): Markets {
  const markets = kind === 'spot' ? exchange : exchange.perpetuals?.();
  if (markets === undefined) throw new Error(`${exchange.name} has no perpetuals`);
  return markets;
}
