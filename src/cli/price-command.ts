import type { ExchangeName } from '../domain/market.js';
import { shownPrice } from '../domain/price.js';
import { canonicalSymbol } from '../domain/symbol.js';
import { priceErrorText } from '../flows/market-failures.js';
import type { PriceSource } from '../flows/ports/price-source.js';
import { aligned } from './print.js';

export interface Quote {
  readonly exchange: ExchangeName;
  readonly symbol: string;
  readonly last?: string;
  readonly high24h?: string;
  readonly low24h?: string;
  readonly reason?: string;
}

async function quote(source: PriceSource, written: string, isNamed: boolean): Promise<Quote> {
  const symbol = source.toExchangeSymbol(canonicalSymbol(written), isNamed);
  if (symbol === undefined) {
    return {
      exchange: source.name,
      symbol: written,
      reason: 'it is not clear where base and quote part; write it as BASE-QUOTE',
    };
  }
  const tickers = await source.tickers([symbol], Date.now());
  const ticker = tickers.ok ? tickers.value.get(symbol) : tickers;
  if (!ticker?.ok)
    return { exchange: source.name, symbol, reason: priceErrorText(ticker?.error ?? { kind: 'unknown-symbol' }) };
  const { last, high24h, low24h } = ticker.value;
  return {
    exchange: source.name,
    symbol,
    last: last.text,
    ...(high24h === undefined ? {} : { high24h: high24h.text }),
    ...(low24h === undefined ? {} : { low24h: low24h.text }),
  };
}

/** What each exchange says of a symbol, in its own spelling. */
export function quotes(
  sources: readonly PriceSource[],
  symbol: string,
  only: ExchangeName | undefined,
): Promise<Quote[]> {
  const asked = sources.filter(({ name }) => only === undefined || name === only);
  return Promise.all(asked.map((source) => quote(source, symbol, only !== undefined)));
}

const shown = (price: string | undefined): string => (price === undefined ? '' : shownPrice(price));

export const shownQuotes = (found: readonly Quote[]): string =>
  aligned([
    ['EXCHANGE', 'SYMBOL', 'LAST', '24H HIGH', '24H LOW', ''],
    ...found.map((each) => [
      each.exchange,
      each.symbol,
      shown(each.last),
      shown(each.high24h),
      shown(each.low24h),
      each.reason ?? '',
    ]),
  ]);
