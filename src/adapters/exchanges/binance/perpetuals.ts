import { err, ok, type Result } from '../../../domain/result.js';
import { joinedSymbol } from '../../../domain/symbol.js';
import type { PriceError, Ticker, Tickers } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Get, Perpetuals } from '../exchange.js';
import { unlistedPerpetual } from '../perpetual-list.js';
import { askCandles, askTickers, readDay, readLast } from './answers.js';
import { createContracts, type Peculiarity } from './contracts.js';
import { createFunding } from './funding.js';

const intervals: Readonly<Record<number, string>> = { 60000: '1m', 3600000: '1h' };
const perAnswer = 1_000;

/** The list of the day does not say what kind of contract an entry is of. */
function judged(ticker: Result<Ticker, PriceError>, peculiarity: Peculiarity | undefined): Result<Ticker, PriceError> {
  if (peculiarity?.refusal !== undefined) return err({ kind: 'no-price', detail: peculiarity.refusal });
  if (ticker.ok || ticker.error.kind !== 'no-price' || !peculiarity?.isTradFi) return ticker;
  const detail = `${ticker.error.detail}; a contract on a share or a commodity pauses with the market of that`;
  return err({ kind: 'no-price', detail });
}

/**
 * USDⓈ-M. A list of all costs 40 of 2400 a minute, the last prices alone 2.
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api
 */
async function askAll(
  get: Get,
  origin: string,
  symbols: readonly string[],
  now: number,
): Promise<Result<Tickers, PriceError>> {
  const list = address(origin, '/fapi/v1/ticker/24hr');
  const day = await askTickers(get, list, symbols, readDay(now), unlistedPerpetual);
  if (day.ok || day.error.kind !== 'bad-response') return day;
  return askTickers(get, address(origin, '/fapi/v2/ticker/price'), symbols, readLast(now), unlistedPerpetual);
}

/** There is no rolling window here, as spot has one. */
export function createPerpetuals(): Perpetuals<'BINANCE_FUTURES_BASE_URL'> {
  const contractsAt = createContracts();
  const fundingAt = createFunding();
  return {
    toExchangeSymbol: joinedSymbol,
    async tickers(get, { BINANCE_FUTURES_BASE_URL: origin }, symbols, now) {
      const tickers = await askAll(get, origin, symbols, now);
      if (!tickers.ok) return tickers;
      const contracts = await contractsAt(get, origin, now);
      return ok(new Map([...tickers.value].map(([symbol, each]) => [symbol, judged(each, contracts.get(symbol))])));
    },
    funding: (get, { BINANCE_FUTURES_BASE_URL: origin }, symbols, now) =>
      fundingAt(get, origin, symbols, { now, contracts: () => contractsAt(get, origin, now) }),
    candleOffer: { spansMs: [60_000, 3_600_000], perAnswer, hasEverySpan: true },
    candles(get, { BINANCE_FUTURES_BASE_URL: origin }, symbol, request) {
      // Here the weight grows with the limit.
      const count = Math.ceil((request.to - request.from) / request.spanMs);
      const url = address(origin, '/fapi/v1/klines', [
        ['symbol', symbol],
        ['interval', intervals[request.spanMs] ?? ''],
        ['startTime', String(request.from)],
        ['endTime', String(request.to - 1)],
        ['limit', String(Math.min(perAnswer, Math.max(1, count)))],
      ]);
      return askCandles(get, url, request);
    },
  };
}
