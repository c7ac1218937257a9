import type { Candle } from '../../src/domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../../src/domain/evidence/candle-plan.js';
import type { ExchangeName, MarketKind } from '../../src/domain/market.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import type { PriceError, PriceSource, Ticker } from '../../src/flows/ports/price-source.js';

type Tick = Ticker | PriceError | undefined;

export interface FakeExchange extends PriceSource {
  /** Every question, in order: `tickers A,B`, or `candles A` with its request. */
  readonly asked: [priceRequest: string, request?: CandleRequest][];
}

/** The symbol of every candle call. */
export const candleCallsOf = ({ asked }: FakeExchange): readonly string[] =>
  asked.flatMap(([question, request]) => (request === undefined ? [] : [question.replace(/^candles /, '')]));

/** Also when it is asked of something that has to come first, such as a turn. */
type Answered<T> = T | Promise<T>;

/** An exchange that says what the test wrote down; a symbol it has nothing of is unknown to it. */
export function createFakeExchange(script: {
  readonly name?: ExchangeName;
  readonly kind?: MarketKind;
  /** By symbol. An error in their place is that of the exchange as a whole. */
  readonly tickers?: Readonly<Record<string, Tick>> | PriceError | ((symbol: string) => Tick) | undefined;
  readonly candles?: (symbol: string, request: CandleRequest, call: number) => Answered<readonly Candle[] | PriceError>;
  readonly offer?: CandleOffer;
  readonly toExchangeSymbol?: PriceSource['toExchangeSymbol'];
  readonly isDown?: () => PriceError | undefined;
  readonly requestsPerSecond?: number | undefined;
  /** What it offers beside; each request tells `asked` of itself. */
  readonly ranges?: (
    tell: (request: string) => void,
  ) => Pick<PriceSource, 'dayRanges' | 'rangesSince' | 'rangesAtOnce'>;
}): FakeExchange {
  const { name = 'binance', tickers = {}, isDown = () => undefined } = script;
  const asked: FakeExchange['asked'] = [];
  let candleCalls = 0;
  const tickerOf = (symbol: string): Result<Ticker, PriceError> => {
    const given = typeof tickers === 'function' ? tickers(symbol) : (tickers as Readonly<Record<string, Tick>>)[symbol];
    if (given === undefined) return err({ kind: 'unknown-symbol' });
    return 'kind' in given ? err(given) : ok(given);
  };
  return {
    name,
    kind: script.kind ?? 'spot',
    asked,
    requestsPerSecond: script.requestsPerSecond,
    ...script.ranges?.((request) => asked.push([request])),
    toExchangeSymbol: script.toExchangeSymbol ?? ((symbol) => symbol),
    candleOffer: script.offer ?? { spansMs: [60_000, 3_600_000], perAnswer: 1_000 },
    async tickers(symbols) {
      asked.push([`tickers ${symbols.join()}`]);
      const failure = 'kind' in tickers ? (tickers as PriceError) : isDown();
      return failure === undefined ? ok(new Map(symbols.map((symbol) => [symbol, tickerOf(symbol)]))) : err(failure);
    },
    async candles(symbol, request) {
      asked.push([`candles ${symbol}`, request]);
      const call = candleCalls;
      candleCalls += 1;
      const answer = isDown() ?? (await script.candles?.(symbol, request, call)) ?? [];
      return 'kind' in answer ? err(answer) : ok(answer);
    },
  };
}
