import { ok } from '../../domain/result.js';
import type { Gate, HostState, PriceSource } from '../../flows/ports/price-source.js';
import type { Attempt, Http, Pass } from '../http.js';
import type { Exchange, Get } from './exchange.js';
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
      return { answer: attempt, host: stateOf(attempt) };
    });
}

const openGate: Gate = async (_host, send) => ok((await send()).answer);

/** An exchange at the configured origins, keyed by environment variable. */
export function connect(exchange: Exchange, get: Http['get'], origins: Readonly<Record<string, string>>): PriceSource {
  const atOnce: Pace = (send) => send();
  const pace = exchange.requestsPerSecond === undefined ? atOnce : paced(atOnce, exchange.requestsPerSecond);
  const at = { ...exchange.origins, ...origins };
  const through =
    (gate = openGate): Get =>
    (url) =>
      get(url, passFor(gate, url.host, pace));
  const { dayRanges, rangesSince } = exchange;
  return {
    name: exchange.name,
    toExchangeSymbol: exchange.toExchangeSymbol,
    candleOffer: exchange.candleOffer,
    tickers: async (symbols, now, gate) =>
      symbols.length === 0 ? ok(new Map()) : exchange.tickers(through(gate), at, symbols, now),
    ...(dayRanges && { dayRanges: (gate) => dayRanges(through(gate), at) }),
    ...(rangesSince && { rangesSince: (since, now, gate) => rangesSince(through(gate), at, since, now) }),
    candles: (symbol, request, gate) => exchange.candles(through(gate), at, symbol, request),
  };
}
