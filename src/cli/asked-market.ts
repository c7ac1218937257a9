import { readExchange, readSymbol } from '../domain/cell.js';
import type { ExchangeName, MarketKind } from '../domain/market.js';
import { askedSymbol } from '../domain/symbol.js';

/** What a symbol on the command line asks for, read as a row's symbol and exchange. */
export interface AskedMarket {
  readonly kind: MarketKind;
  readonly symbol: string;
  readonly only: ExchangeName | undefined;
}

/** Throws with what was expected. */
export function askedMarket(written: string, exchange: ExchangeName | undefined): AskedMarket {
  const symbol = readSymbol(written);
  if (!symbol.ok) throw new Error(symbol.error);
  const only = readExchange(exchange, written);
  if (!only.ok) throw new Error(only.error);
  return { ...askedSymbol(symbol.value), only: only.value };
}
