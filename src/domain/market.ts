/** In the order in which an alert with a blank exchange tries them. */
export const exchangeNames = ['binance', 'bybit', 'coinbase'] as const;
export type ExchangeName = (typeof exchangeNames)[number];

/** `symbol` is in the exchange's own spelling. */
export interface Market {
  readonly exchange: ExchangeName;
  readonly symbol: string;
}

export const marketKey = (market: Market): string => `${market.exchange}:${market.symbol}`;

/** The exchange an alert names comes first; the others follow as its fallback. */
export function exchangeOrder(preferred: ExchangeName | undefined): readonly ExchangeName[] {
  if (preferred === undefined) return exchangeNames;
  return [preferred, ...exchangeNames.filter((name) => name !== preferred)];
}
