import type { Candle } from '../domain/evidence/candle.js';
import type { CandleRequest } from '../domain/evidence/candle-plan.js';
import type { FundingRate } from '../domain/funding.js';
import { type ExchangeName, type SourceName, sourceName } from '../domain/market.js';
import { err, ok, type Result } from '../domain/result.js';
import { createRangeCalls, type RangeCalls } from './ask-ranges.js';
import { type CircuitBreaker, createCircuitBreaker, failuresToOpen } from './circuit-breaker.js';
import { isFinal, isOfExchange } from './market-failures.js';
import type { Ports } from './ports/ports.js';
import type { Gate, HostState, PriceError, PriceSource, Ticker } from './ports/price-source.js';
import type { Run } from './run.js';
import { createTurns, type Decision } from './turns.js';

/** `at`: just before the question was sent, so that nothing traded later counts as seen. */
export type Answer = { readonly ticker: Ticker; readonly at: number } | { readonly error: PriceError };
export type FundingAnswer = { readonly funding: FundingRate; readonly at: number } | { readonly error: PriceError };

export interface ExchangeCalls extends RangeCalls {
  /** One answer for every symbol; undefined when there is no time left to ask. */
  ask(source: PriceSource, symbols: readonly string[]): Promise<ReadonlyMap<string, Answer> | undefined>;
  /** The same of a source of perpetuals. */
  askFunding(source: PriceSource, symbols: readonly string[]): Promise<ReadonlyMap<string, FundingAnswer> | undefined>;
  /** Undefined when there is no time left to ask. */
  askCandles(
    source: PriceSource,
    symbol: string,
    request: CandleRequest,
  ): Promise<Result<readonly Candle[], PriceError> | undefined>;
  /** Keeps a turn for work that asks the exchange again and again. */
  during<Value>(source: PriceSource, work: () => Promise<Value>): Promise<Value>;
  /** How each source that was asked is doing: the failure of its prices, else of its rates, or `up`, whatever its candles do. */
  observed(): ReadonlyMap<SourceName, PriceError | 'up'>;
  /** Exchanges were asked, and not one answered. */
  isEveryExchangeDown(): boolean;
}

const keyOf = ({ name, kind }: PriceSource): SourceName => sourceName({ exchange: name, kind });

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
 * A circuit breaker for each exchange, for one run: a source that failed as a whole, refused the region, asked for rest or
 * failed three candle calls in a row is not asked again. The next run tries it afresh.
 * Each request is judged in its turn: one that waited behind others that hang is not sent when these have failed.
 * Long, because all that it gives shares one account of who is up.
 */
export function createExchangeCalls(ports: Pick<Ports, 'now'>, run: Run): ExchangeCalls {
  const turns = createTurns(run.requestsAtATime);
  // By exchange: its kinds of markets may share a host.
  const breakers = new Map<ExchangeName, CircuitBreaker>();
  const closed = { prices: new Map<SourceName, PriceError>(), funding: new Map<SourceName, PriceError>() };
  const withoutCandles = new Map<SourceName, PriceError>();
  const up = new Set<SourceName>();
  const failedInRow = new Map<SourceName, number>();

  /** `failureOfCandles`: for a call that is judged by its whole answer, and whose requests go one after another. */
  function startCall(source: PriceSource, failureOfCandles?: () => PriceError | undefined): Call {
    const breaker = breakers.get(source.name) ?? createCircuitBreaker();
    breakers.set(source.name, breaker);
    const lane = keyOf(source);
    let isHeld = false;
    const giveBack = (): void => {
      if (isHeld) turns.giveBack(lane);
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
        if (!(await turns.take(lane, () => admit(host)))) {
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
          else turns.giveBack(lane);
        }
      },
    };
    return call;
  }

  /** Nothing is known of an exchange that there was no time to ask. */
  const hadNoTime = ({ refusal, failure }: Call): boolean => refusal === 'no-time' && failure === undefined;

  const ranges = createRangeCalls({
    now: ports.now,
    async ask(source, send) {
      const call = startCall(source);
      const answer = await turns.during(keyOf(source), () => send(call.gate));
      return answer.ok || !hadNoTime(call) ? answer : undefined;
    },
    failureOf: (source) => closed.prices.get(keyOf(source)) ?? withoutCandles.get(keyOf(source)),
    noteAnswer: (source) => up.add(keyOf(source)),
    noteFailure(source, error) {
      withoutCandles.set(keyOf(source), error);
      // Asked first of all: then it is not asked for prices either.
      if (!up.has(keyOf(source))) closed.prices.set(keyOf(source), error);
    },
  });

  /** All that is asked in bulk: an entry for every symbol, or what failed in place of each. */
  async function askInBulk<Value, Found>(
    source: PriceSource,
    what: keyof typeof closed,
    symbols: readonly string[],
    send: (at: number, gate: Gate) => Promise<Result<ReadonlyMap<string, Result<Value, PriceError>>, PriceError>>,
    found: (value: Value, at: number) => Found,
  ): Promise<ReadonlyMap<string, Found | { error: PriceError }> | undefined> {
    const key = keyOf(source);
    const failure = closed[what].get(key);
    if (failure !== undefined) return new Map(symbols.map((symbol) => [symbol, { error: failure }]));
    if (!run.hasTime()) return undefined;
    const at = ports.now();
    const call = startCall(source);
    const answers = await turns.during(key, () => send(at, call.gate));
    if (!answers.ok) {
      if (hadNoTime(call)) return undefined;
      closed[what].set(key, answers.error);
      return new Map(symbols.map((symbol) => [symbol, { error: answers.error }]));
    }
    up.add(key);
    return new Map(
      symbols.map((symbol) => {
        const answer = answers.value.get(symbol) ?? err({ kind: 'unknown-symbol' as const });
        return [symbol, answer.ok ? found(answer.value, at) : { error: answer.error }];
      }),
    );
  }

  return {
    observed: () =>
      new Map<SourceName, PriceError | 'up'>([
        ...[...up].map((key) => [key, 'up'] as const),
        ...closed.funding,
        ...closed.prices,
      ]),
    isEveryExchangeDown: () => closed.prices.size + closed.funding.size > 0 && up.size === 0,
    during: (source, work) => turns.during(keyOf(source), work),
    ...ranges,
    ask(source, symbols) {
      const ask = (at: number, gate: Gate) => {
        void ranges.dayRanges(source);
        return source.tickers(symbols, at, gate);
      };
      return askInBulk(source, 'prices', symbols, ask, (ticker, at) => ({ ticker, at }));
    },
    askFunding(source, symbols) {
      const ask = async (at: number, gate: Gate) => (await source.funding?.(symbols, at, gate)) ?? ok(new Map());
      return askInBulk(source, 'funding', symbols, ask, (funding, at) => ({ funding, at }));
    },

    async askCandles(source, symbol, request) {
      const key = keyOf(source);
      const failureOfCandles = () => closed.prices.get(key) ?? withoutCandles.get(key);
      const known = failureOfCandles();
      if (known !== undefined) return err(known);
      const call = startCall(source, failureOfCandles);
      try {
        const answer = await source.candles(symbol, request, call.gate);
        if (answer.ok || !isOfExchange(answer.error)) {
          failedInRow.set(key, 0);
          return answer;
        }
        if (hadNoTime(call)) return undefined;
        // It was not sent, so it says nothing new of the exchange.
        if (call.refusal === 'circuit-open' && call.failure === undefined)
          return err(failureOfCandles() ?? answer.error);
        const failures = (failedInRow.get(key) ?? 0) + 1;
        failedInRow.set(key, failures);
        if (isFinal(answer.error) || failures >= failuresToOpen) withoutCandles.set(key, answer.error);
        return answer;
      } finally {
        call.giveBack();
      }
    },
  };
}
