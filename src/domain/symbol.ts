import type { MarketKind } from './market.js';

/**
 * Currencies that markets are quoted in. The list is only for cutting a joined symbol in two;
 * one that can be cut in two ways (`ARBUSD`: ARB-USD or AR-BUSD) is not cut at all.
 */
const quotes = [
  ...['USDT', 'USDC', 'FDUSD', 'TUSD', 'BUSD', 'USDE', 'USD1', 'USDP', 'DAI', 'EURI', 'AEUR', 'XUSD', 'USD'],
  ...[
    'EUR',
    'GBP',
    'TRY',
    'BRL',
    'JPY',
    'PLN',
    'ARS',
    'MXN',
    'ZAR',
    'COP',
    'CZK',
    'RON',
    'UAH',
    'BTC',
    'ETH',
    'BNB',
    'SOL',
  ],
];

export interface SymbolParts {
  readonly base: string;
  readonly quote: string;
}

/** An exchange of that spelling puts this in the place of `.P`. A third part is no quote: `SWAP` alone is a currency. */
const swapEnd = /^([^-]+-[^-]+)-SWAP(\.P)?$/;

/**
 * `btc/usdt`, `BTC_USDT` and `BTC-USDT` are one symbol: upper case, a dash between base and quote where one was written.
 * So are `BTC-USDT-SWAP` and `BTC-USDT.P`.
 */
export function canonicalSymbol(text: string): string {
  return text.trim().toUpperCase().replace(/[/_]/, '-').replace(swapEnd, '$1.P');
}

/** What a symbol of a row says, as TradingView writes it: `BYBIT:ETHUSDT.P`. */
export interface AskedSymbol {
  /** What stands before the colon, in capitals; undefined where there is no colon. */
  readonly prefix: string | undefined;
  readonly kind: MarketKind;
  /** Without both. */
  readonly symbol: string;
}

/** Of a canonical symbol. */
export function askedSymbol(canonical: string): AskedSymbol {
  const colon = canonical.indexOf(':');
  const short = canonical.slice(colon + 1);
  const prefix = colon < 0 ? undefined : canonical.slice(0, colon);
  const kind: MarketKind = short.endsWith('.P') ? 'perpetual' : 'spot';
  return { prefix, kind, symbol: kind === 'perpetual' ? short.slice(0, -'.P'.length) : short };
}

/** The symbol without the exchange, which is known besides: one alert whichever way its row is written. */
export const shortSymbol = (canonical: string): string => canonical.slice(canonical.indexOf(':') + 1);

/** `BTC-USDT` → `BTCUSDT`, the spelling of Binance and Bybit. */
export function joinedSymbol(symbol: string): string {
  return symbol.replace('-', '');
}

/**
 * Undefined where the cut is a guess: cutting by the first suffix that fits would read `ADABUSD` as ADAB-USD.
 * `quotesOfExchange` are those the trader must have meant, because the exchange was named; all known ones without it.
 */
export function symbolParts(symbol: string, quotesOfExchange: readonly string[] = quotes): SymbolParts | undefined {
  if (symbol.includes('-')) {
    const [base, quote, ...rest] = symbol.split('-');
    return base && quote && rest.length === 0 ? { base, quote } : undefined;
  }
  const cuts = quotesOfExchange.filter((known) => symbol.endsWith(known) && symbol.length > known.length);
  const [only] = cuts;
  if (only === undefined || cuts.length > 1) return undefined;
  return { base: symbol.slice(0, -only.length), quote: only };
}
