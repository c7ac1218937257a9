import type { Alert } from '../domain/alert.js';
import { comparesPrices, looksAtFunding } from '../domain/conditions/judge.js';
import { groupBy } from '../domain/group-by.js';
import {
  type ExchangeName,
  exchangeOrder,
  type Market,
  type MarketKind,
  marketKey,
  type SourceName,
  shownSymbol,
  sourceName,
} from '../domain/market.js';
import { askedSymbol, shortSymbol } from '../domain/symbol.js';
import type { PriceSource } from './ports/price-source.js';
import type { FailedMarket } from './summary.js';

/** What alerts ask the exchanges for; those that ask for the same share one question. */
export interface PriceRequest {
  readonly key: string;
  readonly kind: MarketKind;
  readonly symbol: string;
  readonly named: ExchangeName | undefined;
  readonly alerts: readonly Alert[];
  /** The only market that may answer: prices of another one must not be compared with its own. */
  readonly only: Market | undefined;
}

/** A condition that compares prices stays with the exchange that its row names, else with the first that gave a price. */
export function priceRequestKey({ exchange, symbol, condition, memory }: Alert): string {
  const key = `${looksAtFunding(condition) ? 'funding ' : ''}${exchange ?? ''}:${shortSymbol(symbol)}`;
  if (!comparesPrices(condition)) return key;
  if (memory !== undefined) return `${key} at ${marketKey(memory.market)} alone`;
  return exchange === undefined ? key : `${key} alone`;
}

export function priceRequestsOf(armed: readonly Alert[]): PriceRequest[] {
  return [...groupBy(armed, priceRequestKey)].map(([key, alerts]) => {
    const [{ symbol: written, exchange, condition, memory }] = alerts;
    const { kind, symbol } = askedSymbol(written);
    return {
      key,
      // Only perpetuals have funding, so the row need not say it.
      kind: looksAtFunding(condition) ? 'perpetual' : kind,
      symbol,
      named: exchange,
      alerts,
      only: comparesPrices(condition) ? memory?.market : undefined,
    };
  });
}

export type Sources = ReadonlyMap<SourceName, PriceSource>;

export const sourcesByName = (sources: readonly PriceSource[]): Sources =>
  new Map(sources.map((source) => [sourceName({ exchange: source.name, kind: source.kind }), source]));

/** Where each question goes: its exchanges in order, under their own spellings; from one kind of market to no other. */
export function route({ only, named, alerts, kind, symbol: asked }: PriceRequest, sources: Sources): Market[] {
  if (only !== undefined) return [only];
  const isAlone = named !== undefined && alerts.some(({ condition }) => comparesPrices(condition));
  return (isAlone ? [named] : exchangeOrder(named)).flatMap((exchange) => {
    const symbol = sources.get(sourceName({ exchange, kind }))?.toExchangeSymbol(asked, named === exchange);
    return symbol === undefined ? [] : [{ exchange, kind, symbol }];
  });
}

/** What is told of a row that names an exchange of which this kind of market is not read; others stand in. */
export function missingKind({ named, kind, symbol }: PriceRequest, sources: Sources): FailedMarket | undefined {
  if (named === undefined || sources.has(sourceName({ exchange: named, kind }))) return undefined;
  const others = [...sources.values()].filter((source) => source.kind === kind).map(({ name }) => name);
  if (others.length === 0 || ![...sources.values()].some(({ name }) => name === named)) return undefined;
  const reason = `its ${kind} markets are not read; write ${others.join(' or ')}, or leave the exchange blank`;
  return { exchange: named, symbol: shownSymbol({ kind, symbol }), reason };
}
