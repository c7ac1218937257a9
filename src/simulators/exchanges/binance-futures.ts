import type { Context, Hono } from 'hono';
import { err, ok, type Result } from '../../domain/result.js';
import { dayMs } from '../../domain/time.js';
import { candlesOf, dayOf, firstCandlesOf, lastTick } from '../candles.js';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import type { ContractKind, Listing, SimulatedMarket } from '../market.js';
import { nextSettlement } from '../settlement.js';

interface Refusal {
  readonly code: number;
  readonly msg: string;
}

/** https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code */
const refusals = {
  unknown: { code: -1121, msg: 'Invalid symbol.' },
  interval: { code: -1120, msg: 'Invalid interval.' },
} as const satisfies Record<string, Refusal>;

/** No seconds, unlike spot. */
const widths: Readonly<Record<string, number>> = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 };

const contractTypes: Readonly<Record<ContractKind, string>> = {
  perpetual: 'PERPETUAL',
  settling: 'PERPETUAL',
  tradfi: 'TRADIFI_PERPETUAL',
  dated: 'CURRENT_QUARTER',
};

/** What has no end has this one. */
const endless = 4_133_404_800_000;

const isOver = ({ contract, delistedAt }: Listing): boolean =>
  contract?.kind === 'settling' || delistedAt !== undefined;

/** Prices have the digits of the contract. What trades no more keeps its last day, with the `closeTime` of its last trade. */
function dayTicker(listing: Listing, now: number) {
  const tick = lastTick(listing, now);
  // Of what is traded all the time, trades are written down only where the price moves.
  const closeTime = isOver(listing) || listing.contract?.kind === 'tradfi' ? (tick?.at ?? now) : now;
  const day = dayOf(listing, closeTime);
  const last = tick?.price.text ?? '0';
  const count = day?.trades ?? 0;
  return {
    symbol: listing.symbol,
    priceChange: '0',
    priceChangePercent: '0.000',
    weightedAvgPrice: last,
    lastPrice: last,
    lastQty: '1',
    openPrice: day?.open.text ?? '0',
    highPrice: day?.high.text ?? '0',
    lowPrice: day?.low.text ?? '0',
    volume: String(count),
    quoteVolume: tick?.price.value.times(count).toFixed() ?? '0',
    openTime: closeTime - dayMs,
    closeTime,
    firstId: count > 0 ? 1 : -1,
    lastId: count > 0 ? count : -1,
    count,
  };
}

/** A contract with an end stands in the list with a rate of zero, and settles at 0. */
function premium(listing: Listing, now: number) {
  const { contract } = listing;
  const last = lastTick(listing, now)?.price.text ?? '0';
  const funded = contract === undefined || contract.kind === 'dated' ? undefined : contract;
  return {
    symbol: listing.symbol,
    markPrice: last,
    indexPrice: last,
    estimatedSettlePrice: last,
    lastFundingRate: funded?.rate ?? '0.00000000',
    interestRate: funded ? '0.00010000' : '0.00000000',
    nextFundingTime: funded ? nextSettlement(funded, now) : 0,
    time: now,
  };
}

const symbolInfo = (listing: Listing) => ({
  symbol: listing.symbol,
  pair: listing.symbol.replace(/_.*$/, ''),
  contractType: contractTypes[listing.contract?.kind ?? 'perpetual'],
  deliveryDate: listing.contract?.kind === 'dated' ? endless - 1 : endless,
  onboardDate: 0,
  status: isOver(listing) ? 'SETTLING' : 'TRADING',
});

function klines(market: SimulatedMarket, c: Context): Result<unknown, Refusal> {
  const { symbol = '', interval = '', startTime, endTime, limit = '500' } = c.req.query();
  const listing = market.contracts.binance.get(symbol);
  const widthMs = widths[interval];
  if (listing === undefined) return err(refusals.unknown);
  if (widthMs === undefined) return err(refusals.interval);
  const most = Math.min(Number(limit), 1_500);
  const to = endTime === undefined ? market.now() : Number(endTime);
  const from = startTime === undefined ? to - most * widthMs : Number(startTime);
  const query = { widthMs, from, to, fillsGaps: true };
  const candles =
    startTime === undefined
      ? candlesOf(listing, market.now(), query).slice(-most)
      : firstCandlesOf(listing, market.now(), query, most);
  return ok(
    candles.map(({ openTime, open, high, low, close, trades }) => {
      const texts = [open, high, low, close].map(({ text }) => text);
      const volume = String(trades);
      return [openTime, ...texts, volume, openTime + widthMs - 1, volume, trades, volume, volume, '0'];
    }),
  );
}

/** https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Kline-Candlestick-Data */
const klineWeight = (limit: number): number => (limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1_000 ? 5 : 10);

/** https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api */
export function binanceFuturesSimulator(market: SimulatedMarket, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const { now } = market;
  const listed = () => [...market.contracts.binance.values()];
  let minute = 0;
  let usedWeight = 0;
  const answer = (c: Context, result: Result<unknown, Refusal>, weight: number): Response => {
    const thisMinute = Math.floor(now() / 60_000);
    usedWeight = thisMinute === minute ? usedWeight + weight : weight;
    minute = thisMinute;
    c.header('x-mbx-used-weight-1m', String(usedWeight));
    return result.ok ? c.json(result.value as object) : c.json(result.error, 400);
  };
  /** One or all: there is no list of symbols here. */
  const give = (path: string, show: (listing: Listing) => object, weights: { one: number; all: number }): void => {
    app.get(path, (c) => {
      const symbol = c.req.query('symbol');
      if (symbol === undefined) return answer(c, ok(listed().map(show)), weights.all);
      const listing = market.contracts.binance.get(symbol);
      return answer(c, listing === undefined ? err(refusals.unknown) : ok(show(listing)), weights.one);
    });
  };
  app.get('/fapi/v1/ping', (c) => answer(c, ok({}), 1));
  give('/fapi/v1/ticker/24hr', (listing) => dayTicker(listing, now()), { one: 1, all: 40 });
  give('/fapi/v1/premiumIndex', (listing) => premium(listing, now()), { one: 1, all: 10 });
  const lastPrice = (listing: Listing) => {
    const { lastPrice: price, closeTime: time } = dayTicker(listing, now());
    return { symbol: listing.symbol, price, time };
  };
  give('/fapi/v2/ticker/price', lastPrice, { one: 1, all: 2 });
  app.get('/fapi/v1/klines', (c) => answer(c, klines(market, c), klineWeight(Number(c.req.query('limit') ?? 500))));
  // A symbol in the query is ignored.
  app.get('/fapi/v1/exchangeInfo', (c) => answer(c, ok({ timezone: 'UTC', symbols: listed().map(symbolInfo) }), 1));
  // Only those whose interval is not the usual one.
  app.get('/fapi/v1/fundingInfo', (c) => {
    const adjusted = listed().flatMap(({ symbol, contract }) =>
      contract === undefined || contract.kind === 'dated' || contract.intervalHours === 8
        ? []
        : [{ symbol, fundingIntervalHours: contract.intervalHours, disclaimer: false }],
    );
    return answer(c, ok(adjusted), 0);
  });
  return app;
}
