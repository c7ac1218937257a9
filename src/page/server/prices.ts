import type { Alert } from '../../domain/alert.js';
import { readSymbol } from '../../domain/cell.js';
import { type Market, marketKey, sourceName } from '../../domain/market.js';
import { err, ok, type Result } from '../../domain/result.js';
import { askedSymbol } from '../../domain/symbol.js';
import { type Answer, createExchangeCalls, type ExchangeCalls } from '../../flows/ask-exchanges.js';
import { gatherQuotes } from '../../flows/gather-quotes.js';
import { priceErrorText } from '../../flows/market-failures.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { PriceSource } from '../../flows/ports/price-source.js';
import { priceRequestsOf } from '../../flows/price-requests.js';
import type { PriceView } from '../protocol.js';

export type PricePorts = Pick<Ports, 'exchanges' | 'now' | 'newId'>;

/** What a person waits for has to be there soon. */
const timeForCallsMs = 10_000;
const requestsAtATime = 5;

/** Through the limiter and the circuit breaker of a check. */
export function callsNow(ports: Pick<Ports, 'now' | 'newId'>): ExchangeCalls {
  const startedAt = ports.now();
  const hasTime = () => ports.now() < startedAt + timeForCallsMs;
  return createExchangeCalls(ports, { runId: ports.newId(), startedAt, isDryRun: true, requestsAtATime, hasTime });
}

/** The day's range costs an exchange a call of its own, and nobody looks at it here. */
const withoutRanges = ({ dayRanges: _, ...source }: PriceSource): PriceSource => source;

export interface Prices {
  readonly prices: readonly PriceView[];
  /** By alert: where its price came from. */
  readonly markets: ReadonlyMap<string, Market>;
}

export const noPrices: Prices = { prices: [], markets: new Map() };

/** The last price of every market that the alerts are about: one bulk call an exchange, the next one where it fails. */
export async function pricesOf(ports: PricePorts, alerts: readonly Alert[]): Promise<Prices> {
  const exchanges = ports.exchanges.map(withoutRanges);
  const { quotes, failed } = await gatherQuotes(exchanges, priceRequestsOf(alerts), callsNow(ports));
  const views = new Map<string, PriceView>();
  const markets = new Map<string, Market>();
  for (const { exchange, symbol, reason } of failed) {
    const kind = symbol.endsWith('.P') ? 'perpetual' : 'spot';
    const own = kind === 'perpetual' ? symbol.slice(0, -'.P'.length) : symbol;
    const key = marketKey({ exchange, kind, symbol: own });
    views.set(key, { key, exchange, kind, symbol: own, price: undefined, problem: reason, at: ports.now() });
  }
  for (const { market, ticker, at, priceRequest } of quotes) {
    const key = marketKey(market);
    views.set(key, { ...market, key, price: ticker.last.text, problem: undefined, at });
    for (const { id } of priceRequest.alerts) markets.set(id, market);
  }
  return { prices: [...views.values()].sort((a, b) => a.key.localeCompare(b.key)), markets };
}

function viewOf(market: Market, answer: Answer | undefined, now: number): PriceView {
  const view = { ...market, key: marketKey(market), problem: undefined, price: undefined, at: now };
  if (answer === undefined) return { ...view, problem: 'there was no time left to ask' };
  if ('error' in answer) return { ...view, problem: priceErrorText(answer.error) };
  return { ...view, price: answer.ticker.last.text, at: answer.at };
}

/** One symbol on every exchange, each under its own spelling. The error is the sheet's sentence about a symbol. */
export async function pricesOfSymbol(
  ports: PricePorts,
  written: string,
): Promise<Result<readonly PriceView[], string>> {
  const read = readSymbol(written);
  if (!read.ok) return err(read.error);
  const { kind, symbol } = askedSymbol(read.value);
  const calls = callsNow(ports);
  const asked = ports.exchanges.map(withoutRanges).flatMap((source) => {
    const own = source.kind === kind ? source.toExchangeSymbol(symbol, false) : undefined;
    return own === undefined ? [] : [{ source, market: { exchange: source.name, kind, symbol: own } }];
  });
  return ok(
    await Promise.all(
      asked.map(async ({ source, market }) => {
        const answers = await calls.ask(source, [market.symbol]);
        return viewOf(market, answers?.get(market.symbol), ports.now());
      }),
    ),
  );
}

export const sourceOf = (exchanges: readonly PriceSource[], market: Pick<Market, 'exchange' | 'kind'>) =>
  exchanges.find((source) => sourceName({ exchange: source.name, kind: source.kind }) === sourceName(market));
