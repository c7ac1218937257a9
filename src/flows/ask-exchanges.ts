import type { Candle } from '../domain/evidence/candle.js';
import type { CandleRequest } from '../domain/evidence/candle-plan.js';
import type { ExchangeName } from '../domain/market.js';
import { err, ok, type Result } from '../domain/result.js';
import { createRangeCalls, type RangeCalls } from './ask-ranges.js';
import { type CircuitBreaker, createCircuitBreaker, failuresToOpen } from './circuit-breaker.js';
import type { Ports } from './ports/ports.js';
import type { Gate, HostState, PriceError, PriceSource, Ticker } from './ports/price-source.js';
import type { Run } from './run.js';
import { createTurns, type Decision } from './turns.js';

/** `at`: just before the question was sent, so that nothing traded later counts as seen. */
export type Answer = { readonly ticker: Ticker; readonly at: number } | { readonly error: PriceError };

export interface ExchangeCalls extends RangeCalls {
  /** One answer for every symbol; undefined when there is no time left to ask. */
  ask(source: PriceSource, symbols: readonly string[]): Promise<ReadonlyMap<string, Answer> | undefined>;
  /** Undefined when there is no time left to ask. */
  askCandles(
    source: PriceSource,
    symbol: string,
    request: CandleRequest,
  ): Promise<Result<readonly Candle[], PriceError> | undefined>;
  /** Keeps a turn for work that asks the exchange again and again. */
  during<Value>(source: PriceSource, work: () => Promise<Value>): Promise<Value>;
  /** How each exchange that was asked is doing: the failure of its prices, or `up`, whatever its candles do. */
  observed(): ReadonlyMap<ExchangeName, PriceError | 'up'>;
  /** Exchanges were asked, and not one answered. */
  isEveryExchangeDown(): boolean;
}

/** The failure is the exchange's and not the symbol's. */
const isOfExchange = (error: PriceError): boolean => error.kind !== 'unknown-symbol' && error.kind !== 'no-price';

/** What asking on would only make worse. */
const isFinal = (error: PriceError): boolean => error.kind === 'region-blocked' || error.kind === 'rate-limited';

/** One question to an exchange, which may take several requests. */
interface Call {
  readonly gate: Gate;
  /** The turn of the last request, where it is still held. */
  giveBack(): void;
  /** The failure of the last request that failed. */
  failure?: string;
  /** Why a request was not sent. */
  refusal?: 'no-time' | 'circuit-open';
}

/**
 * A circuit breaker for each exchange, for one run: one that failed as a whole, refused the region, asked for rest or
 * failed three candle calls in a row is not asked again. The next run tries it afresh.
 * Each request is judged in its turn: one that waited behind others that hang is not sent when these have failed.
 * Long, because all that it gives shares one account of who is up.
 */
export function createExchangeCalls(ports: Pick<Ports, 'now'>, run: Run): ExchangeCalls {
  const turns = createTurns(run.requestsAtATime);
  const breakers = new Map<ExchangeName, CircuitBreaker>();
  const closed = new Map<ExchangeName, PriceError>();
  const withoutCandles = new Map<ExchangeName, PriceError>();
  const up = new Set<ExchangeName>();
  const failedInRow = new Map<ExchangeName, number>();

  function breakerOf(name: ExchangeName): CircuitBreaker {
    const breaker = breakers.get(name) ?? createCircuitBreaker();
    breakers.set(name, breaker);
    return breaker;
  }

  /** `failureOfCandles`: for a call that is judged by its whole answer, and whose requests go one after another. */
  function startCall(name: ExchangeName, failureOfCandles?: () => PriceError | undefined): Call {
    const breaker = breakerOf(name);
    let isHeld = false;
    const giveBack = (): void => {
      if (isHeld) turns.giveBack(name);
      isHeld = false;
    };
    const admit = (host: string): Decision => {
      const isOpen = breaker.openedBy(host) !== undefined || failureOfCandles?.() !== undefined;
      if (!isOpen && run.hasTime()) return breaker.admit(host);
      call.refusal = isOpen ? 'circuit-open' : 'no-time';
      return 'leave';
    };
    const call: Call = {
      giveBack,
      async gate(host, send) {
        giveBack();
        if (!(await turns.take(name, () => admit(host)))) {
          return err({ detail: breaker.openedBy(host) ?? call.failure ?? 'there was no time left to ask' });
        }
        let state: HostState = 'unsure';
        try {
          const sent = await send();
          state = sent.host;
          if (typeof state === 'object') call.failure = state.failure;
          return ok(sent.answer);
        } finally {
          breaker.end(host, state);
          // What an answer says must be known before the next one of those that wait is sent.
          if (failureOfCandles !== undefined && state !== 'unsure') isHeld = true;
          else turns.giveBack(name);
        }
      },
    };
    return call;
  }

  /** Nothing is known of an exchange that there was no time to ask. */
  const hadNoTime = ({ refusal, failure }: Call): boolean => refusal === 'no-time' && failure === undefined;

  const ranges = createRangeCalls({
    now: () => ports.now(),
    async ask(source, send) {
      const call = startCall(source.name);
      const answer = await turns.during(source.name, () => send(call.gate));
      return answer.ok || !hadNoTime(call) ? answer : undefined;
    },
    failureOf: ({ name }) => closed.get(name) ?? withoutCandles.get(name),
    // Ranges come from where the candles come from; any other failure is none of theirs.
    noteFailure({ name }, error) {
      if (isFinal(error)) withoutCandles.set(name, error);
    },
  });

  return {
    observed: () =>
      new Map<ExchangeName, PriceError | 'up'>([...[...up].map((name) => [name, 'up'] as const), ...closed]),
    isEveryExchangeDown: () => closed.size > 0 && up.size === 0,
    during: (source, work) => turns.during(source.name, work),
    ...ranges,

    async ask(source, symbols) {
      const failure = closed.get(source.name);
      if (failure !== undefined) return new Map(symbols.map((symbol) => [symbol, { error: failure }]));
      if (!run.hasTime()) return undefined;
      const at = ports.now();
      const call = startCall(source.name);
      void ranges.dayRanges(source);
      const tickers = await turns.during(source.name, () => source.tickers(symbols, at, call.gate));
      if (!tickers.ok) {
        if (hadNoTime(call)) return undefined;
        closed.set(source.name, tickers.error);
        return new Map(symbols.map((symbol) => [symbol, { error: tickers.error }]));
      }
      up.add(source.name);
      return new Map(
        symbols.map((symbol): [string, Answer] => {
          const ticker = tickers.value.get(symbol);
          if (ticker === undefined) return [symbol, { error: { kind: 'unknown-symbol' } }];
          return [symbol, ticker.ok ? { ticker: ticker.value, at } : { error: ticker.error }];
        }),
      );
    },

    async askCandles(source, symbol, request) {
      const failureOfCandles = () => closed.get(source.name) ?? withoutCandles.get(source.name);
      const known = failureOfCandles();
      if (known !== undefined) return err(known);
      const call = startCall(source.name, failureOfCandles);
      try {
        const answer = await source.candles(symbol, request, call.gate);
        if (answer.ok || !isOfExchange(answer.error)) {
          failedInRow.set(source.name, 0);
          return answer;
        }
        if (hadNoTime(call)) return undefined;
        // It was not sent, so it says nothing new of the exchange.
        if (call.refusal === 'circuit-open' && call.failure === undefined)
          return err(failureOfCandles() ?? answer.error);
        const failures = (failedInRow.get(source.name) ?? 0) + 1;
        failedInRow.set(source.name, failures);
        if (isFinal(answer.error) || failures >= failuresToOpen) withoutCandles.set(source.name, answer.error);
        return answer;
      } finally {
        call.giveBack();
      }
    },
  };
}
