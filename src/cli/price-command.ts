import { type FundingRate, shownFunding } from '../domain/funding.js';
import { type ExchangeName, shownSymbol } from '../domain/market.js';
import { shownTime } from '../domain/message.js';
import { shownPrice } from '../domain/price.js';
import { priceErrorText } from '../flows/market-failures.js';
import type { PriceSource } from '../flows/ports/price-source.js';
import { type AskedMarket, askedMarket } from './asked-market.js';
import { fundingRecord } from './funding-command.js';
import { aligned } from './print.js';

export interface Quote {
  readonly exchange: ExchangeName;
  readonly symbol: string;
  readonly last?: string;
  readonly high24h?: string;
  readonly low24h?: string;
  readonly funding?: ReturnType<typeof fundingRecord>;
  /** As people read it. */
  readonly shownFunding?: string;
  readonly reason?: string;
}

/** A rate that cannot be had is no failure of the price. */
async function fundingOf(source: PriceSource, symbol: string, now: number): Promise<FundingRate | string | undefined> {
  const rates = await source.funding?.([symbol], now);
  if (rates === undefined) return undefined;
  const rate = rates.ok ? rates.value.get(symbol) : rates;
  if (rate?.ok) return rate.value;
  return priceErrorText(rate?.error ?? { kind: 'unknown-symbol' });
}

async function quote(source: PriceSource, asked: AskedMarket, now: number): Promise<Quote> {
  const { name: exchange, kind } = source;
  const own = source.toExchangeSymbol(asked.symbol, asked.only !== undefined);
  if (own === undefined) {
    const reason = 'it is not clear where base and quote part; write it as BASE-QUOTE';
    return { exchange, symbol: shownSymbol(asked), reason };
  }
  const symbol = shownSymbol({ kind, symbol: own });
  const tickers = await source.tickers([own], now);
  const ticker = tickers.ok ? tickers.value.get(own) : tickers;
  if (!ticker?.ok) return { exchange, symbol, reason: priceErrorText(ticker?.error ?? { kind: 'unknown-symbol' }) };
  const { last, high24h, low24h } = ticker.value;
  const funding = await fundingOf(source, own, now);
  return {
    exchange,
    symbol,
    last: last.text,
    ...(high24h === undefined ? {} : { high24h: high24h.text }),
    ...(low24h === undefined ? {} : { low24h: low24h.text }),
    ...(typeof funding === 'string' && { shownFunding: funding }),
    ...(typeof funding === 'object' && {
      funding: fundingRecord(funding),
      shownFunding: `${shownFunding(funding)}; next ${shownTime(funding.nextAt, now)}`,
    }),
  };
}

/** What each exchange says of a symbol, in its own spelling. Throws where it is no symbol. */
export function quotes(
  sources: readonly PriceSource[],
  written: string,
  exchange: ExchangeName | undefined,
  now: number,
): Promise<Quote[]> {
  const asked = askedMarket(written, exchange);
  const { kind, only } = asked;
  const wanted = sources.filter((source) => source.kind === kind && (only === undefined || source.name === only));
  if (wanted.length === 0) throw new Error(`${only}: its ${kind} markets are not read`);
  return Promise.all(wanted.map((source) => quote(source, asked, now)));
}

const shown = (price: string | undefined): string => (price === undefined ? '' : shownPrice(price));

/** With a column for the funding where there is some. */
export function shownQuotes(found: readonly Quote[]): string {
  const hasFunding = found.some((each) => each.shownFunding !== undefined);
  const column = (text: string): readonly string[] => (hasFunding ? [text] : []);
  return aligned([
    ['EXCHANGE', 'SYMBOL', 'LAST', '24H HIGH', '24H LOW', ...column('FUNDING'), ''],
    ...found.map((each) => [
      each.exchange,
      each.symbol,
      shown(each.last),
      shown(each.high24h),
      shown(each.low24h),
      ...column(each.shownFunding ?? ''),
      each.reason ?? '',
    ]),
  ]);
}
