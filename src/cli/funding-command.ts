import { annualRate, type FundingRate, shownAnnualRate, shownRate } from '../domain/funding.js';
import { type ExchangeName, shownSymbol } from '../domain/market.js';
import { shownTime } from '../domain/message.js';
import { err, type Result } from '../domain/result.js';
import { priceErrorText } from '../flows/market-failures.js';
import type { PriceError, PriceSource } from '../flows/ports/price-source.js';
import { type AskedMarket, askedMarket } from './asked-market.js';
import { aligned } from './print.js';

/** Rates are shares, as decimals: 0.0001 is 0.01 %. */
export const fundingRecord = (funding: FundingRate) => ({
  rate: funding.rate.value.toFixed(),
  intervalHours: funding.intervalHours,
  annual: annualRate(funding).round(6).toFixed(),
  nextAt: new Date(funding.nextAt).toISOString(),
});

export interface FundingRow {
  readonly exchange: ExchangeName;
  readonly symbol: string;
  readonly rate: Result<FundingRate, PriceError>;
}

export interface FundingTable {
  readonly rows: readonly FundingRow[];
  /** Exchanges of which nothing is known. */
  readonly failed: readonly { readonly exchange: ExchangeName; readonly reason: string }[];
}

const rowOf = (source: PriceSource, symbol: string, rate: FundingRow['rate']): FundingRow => ({
  exchange: source.name,
  symbol: shownSymbol({ kind: source.kind, symbol }),
  rate,
});

/** By the size of the annual rate, whichever side pays. */
const bySize = (a: FundingRow, b: FundingRow): number =>
  a.rate.ok && b.rate.ok ? annualRate(b.rate.value).abs().cmp(annualRate(a.rate.value).abs()) : 0;

/** The rows of one exchange; those of the asked symbols have the place of their symbol. */
async function ask(source: PriceSource, asked: readonly AskedMarket[], now: number) {
  const wanted = asked.flatMap(({ symbol, only }, place) => {
    const own =
      only === undefined || only === source.name ? source.toExchangeSymbol(symbol, only !== undefined) : undefined;
    return own === undefined ? [] : [{ own, place }];
  });
  if (asked.length > 0 && wanted.length === 0) return { rows: [], reason: undefined };
  const found = await source.funding?.(asked.length === 0 ? 'all' : wanted.map(({ own }) => own), now);
  if (found === undefined || !found.ok) {
    return { rows: [], reason: found === undefined ? undefined : priceErrorText(found.error) };
  }
  const rates = found.value;
  const all = asked.length === 0 ? [...rates.keys()].map((own) => ({ own, place: 0 })) : wanted;
  const unknown: FundingRow['rate'] = err({ kind: 'unknown-symbol' });
  return {
    rows: all.map(({ own, place }) => ({ place, row: rowOf(source, own, rates.get(own) ?? unknown) })),
    reason: undefined,
  };
}

/**
 * The funding at every exchange that has perpetuals: of the symbols in their order, or of all that have a rate, the largest
 * a year first. `top`: no more than so many. Throws where one is no symbol.
 */
export async function readFunding(
  sources: readonly PriceSource[],
  symbols: readonly string[],
  top: number | undefined,
  now: number,
): Promise<FundingTable> {
  const asked = symbols.map((symbol) => askedMarket(symbol, undefined));
  const withFunding = sources.filter(({ funding }) => funding !== undefined);
  const answers = await Promise.all(
    withFunding.map(async (source) => ({ exchange: source.name, ...(await ask(source, asked, now)) })),
  );
  const all = answers.flatMap(({ rows }) => rows).toSorted((a, b) => a.place - b.place);
  const rows = all.map(({ row }) => row);
  return {
    rows: (asked.length === 0 ? rows.toSorted(bySize) : rows).slice(0, top),
    failed: answers.flatMap(({ exchange, reason }) => (reason === undefined ? [] : [{ exchange, reason }])),
  };
}

export const fundingRecords = ({ rows, failed }: FundingTable) => ({
  rates: rows.map(({ exchange, symbol, rate }) => ({
    exchange,
    symbol,
    ...(rate.ok ? fundingRecord(rate.value) : { reason: priceErrorText(rate.error) }),
  })),
  failed,
});

export const shownFundingTable = ({ rows }: FundingTable, now: number): string =>
  aligned([
    ['EXCHANGE', 'SYMBOL', 'RATE', 'EVERY', 'A YEAR', 'NEXT', ''],
    ...rows.map(({ exchange, symbol, rate }) => {
      if (!rate.ok) return [exchange, symbol, '', '', '', '', priceErrorText(rate.error)];
      const { intervalHours, nextAt } = rate.value;
      const { rate: given } = rate.value;
      return [
        ...[exchange, symbol, shownRate(given), `${intervalHours} h`],
        ...[shownAnnualRate(rate.value), shownTime(nextAt, now), ''],
      ];
    }),
  ]);
