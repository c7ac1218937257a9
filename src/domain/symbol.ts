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

/** `btc/usdt`, `BTC_USDT` and `BTC-USDT` are one symbol: upper case, a dash between base and quote where one was written. */
export function canonicalSymbol(text: string): string {
  return text.trim().toUpperCase().replace(/[/_]/, '-');
}

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
