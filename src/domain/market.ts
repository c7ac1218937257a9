/** In the order in which an alert with a blank exchange tries them. */
export const exchangeNames = ['binance', 'bybit', 'coinbase', 'okx'] as const;
export type ExchangeName = (typeof exchangeNames)[number];

export const marketKinds = ['spot', 'perpetual'] as const;
export type MarketKind = (typeof marketKinds)[number];

/** `symbol` is in the exchange's own spelling. */
export interface Market {
  readonly exchange: ExchangeName;
  readonly kind: MarketKind;
  readonly symbol: string;
}

/** The markets of one kind of an exchange are asked together, and fail together. */
export type SourceName = ExchangeName | `${ExchangeName}.P`;

export const sourceName = ({ exchange, kind }: Pick<Market, 'exchange' | 'kind'>): SourceName =>
  kind === 'perpetual' ? `${exchange}.P` : exchange;

export const sourceNames: readonly SourceName[] = exchangeNames.flatMap((exchange) =>
  marketKinds.map((kind) => sourceName({ exchange, kind })),
);

export const spotMarket = (exchange: ExchangeName, symbol: string): Market => ({ exchange, kind: 'spot', symbol });

/** A perpetual ends in `.P`, as traders write it: an exchange may give both markets one spelling. */
export const shownSymbol = ({ kind, symbol }: Pick<Market, 'kind' | 'symbol'>): string =>
  `${symbol}${kind === 'perpetual' ? '.P' : ''}`;

export const marketKey = (market: Market): string => `${market.exchange}:${shownSymbol(market)}`;

/** The exchange an alert names comes first; the others follow as its fallback. */
export function exchangeOrder(preferred: ExchangeName | undefined): readonly ExchangeName[] {
  if (preferred === undefined) return exchangeNames;
  return [preferred, ...exchangeNames.filter((name) => name !== preferred)];
}
