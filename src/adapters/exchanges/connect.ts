import type { MarketKind } from '../../domain/market.js';
import { ok } from '../../domain/result.js';
import type { Gate, HostState, PriceSource } from '../../flows/ports/price-source.js';
import type { Attempt, Http, Pass } from '../http.js';
import type { Exchange, Get, Markets } from './exchange.js';
import { paced } from './paced.js';

function stateOf({ answer, hasTimedOut, isFinal }: Attempt): HostState {
  const failure = !answer.ok
    ? answer.error.detail
    : answer.value.status >= 500
      ? `HTTP ${answer.value.status}`
      : undefined;
  if (failure === undefined) return 'well';
  return isFinal || hasTimedOut ? { failure } : 'unsure';
}

type Pace = (send: () => Promise<Attempt>) => Promise<Attempt>;

/** Each attempt waits for its turn at the gate, and for its moment in its turn: a queue would let the moments pass unused. */
function passFor(gate: Gate, host: string, pace: Pace): Pass {
  return (send) =>
    gate(host, async () => {
      const attempt = await pace(send);
      const { answer } = attempt;
      const isRefused = answer.ok && answer.value.status >= 400 && answer.value.status < 500;
      return { answer: attempt, host: stateOf(attempt), isRefused };
    });
}

const openGate: Gate = async (_host, send) => ok((await send()).answer);

/** What the markets offer in bulk beside their prices. */
function rangesOf(
  { dayRanges, rangesSince, rangesAtOnce }: Markets,
  through: (gate?: Gate) => Get,
  at: Readonly<Record<string, string>>,
): Pick<PriceSource, 'dayRanges' | 'rangesSince' | 'rangesAtOnce'> {
  return {
    ...(dayRanges && { dayRanges: (gate) => dayRanges(through(gate), at) }),
    ...(rangesSince && { rangesSince: (since, now, gate) => rangesSince(through(gate), at, since, now) }),
    ...(rangesAtOnce && { rangesAtOnce }),
  };
}

/** An exchange at the configured origins, keyed by environment variable: its spot markets, and its perpetuals where it has some. */
export function connectAll(
  exchange: Exchange,
  get: Http['get'],
  origins: Readonly<Record<string, string>>,
): readonly [PriceSource, ...PriceSource[]] {
  const atOnce: Pace = (send) => send();
  // Of an address of ours, whatever it asks for.
  const pace = exchange.requestsPerSecond === undefined ? atOnce : paced(atOnce, exchange.requestsPerSecond);
  const at = { ...exchange.origins, ...origins };
  const through =
    (gate = openGate): Get =>
    (url) =>
      get(url, passFor(gate, url.host, pace));
  const sourceOf = (kind: MarketKind, markets: Markets): PriceSource => ({
    name: exchange.name,
    kind,
    requestsPerSecond: exchange.requestsPerSecond,
    toExchangeSymbol: markets.toExchangeSymbol,
    candleOffer: markets.candleOffer,
    tickers: async (symbols, now, gate) =>
      symbols.length === 0 ? ok(new Map()) : markets.tickers(through(gate), at, symbols, now),
    ...rangesOf(markets, through, at),
    candles: (symbol, request, gate) => markets.candles(through(gate), at, symbol, request),
  });
  const spot = sourceOf('spot', exchange);
  const perpetuals = exchange.perpetuals?.();
  if (perpetuals === undefined) return [spot];
  const funding: PriceSource['funding'] = async (symbols, now, gate) =>
    symbols.length === 0 ? ok(new Map()) : perpetuals.funding(through(gate), at, symbols, now);
  return [spot, { ...sourceOf('perpetual', perpetuals), funding }];
}

/** Its spot markets alone. */
export const connect = (...given: Parameters<typeof connectAll>): PriceSource => connectAll(...given)[0];
