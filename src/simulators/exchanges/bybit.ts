import type { Hono } from 'hono';
import { candlesOf, dayOf, firstCandlesOf, lastTick } from '../candles.js';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import type { ExchangeHosts } from '../hosts.js';
import type { Listing, SimulatedMarket } from '../market.js';
import { nextSettlement } from '../settlement.js';

const widths: Readonly<Record<string, number>> = {
  '1': 60_000,
  '5': 5 * 60_000,
  '15': 15 * 60_000,
  '60': 60 * 60_000,
};

/** Absent is the empty text. */
function ticker(listing: Listing, now: number) {
  const last = lastTick(listing, now)?.price;
  const day = dayOf(listing, now);
  const text = last?.text ?? '';
  const count = day?.trades ?? 0;
  return {
    symbol: listing.symbol,
    bid1Price: text,
    bid1Size: '1',
    ask1Price: text,
    ask1Size: '1',
    lastPrice: text,
    prevPrice24h: day?.open.text ?? '',
    price24hPcnt: last && day ? last.value.minus(day.open.value).div(day.open.value).toFixed(4) : '',
    highPrice24h: day?.high.text ?? '',
    lowPrice24h: day?.low.text ?? '',
    turnover24h: last?.value.times(count).toFixed() ?? '0',
    // What is listed is traded all the time; trades are written down only where the price moves.
    volume24h: String(last ? Math.max(count, 1) : 0),
  };
}

/** A contract with an end stands in the same list, with empty texts for its funding. */
function linearTicker(listing: Listing, now: number) {
  const { contract } = listing;
  const funded = contract === undefined || contract.kind === 'dated' ? undefined : contract;
  const shown = ticker(listing, now);
  return {
    ...shown,
    indexPrice: shown.lastPrice,
    markPrice: shown.lastPrice,
    prevPrice1h: shown.lastPrice,
    openInterest: '1',
    openInterestValue: '1',
    fundingRate: funded?.rate ?? '',
    nextFundingTime: funded ? String(nextSettlement(funded, now)) : '0',
    fundingIntervalHour: funded ? String(funded.intervalHours) : '',
    fundingCap: funded ? '0.005' : '',
    deliveryTime: funded ? '0' : '1798704000000',
    ...{ basis: '', basisRate: '', basisRateYear: '', deliveryFeeRate: '', predictedDeliveryPrice: '' },
    ...{ preOpenPrice: '', preQty: '' },
    curPreListingPhase: '',
  };
}

const spotTicker = (listing: Listing, now: number) => {
  const shown = ticker(listing, now);
  return { ...shown, usdIndexPrice: shown.lastPrice };
};

/**
 * Spot and linear contracts. Every answer is HTTP 200, errors too: `retCode` tells. A delisted symbol is unknown.
 * https://bybit-exchange.github.io/docs/v5/market/tickers and …/market/kline
 */
export function bybitSimulator(market: SimulatedMarket, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const { now } = market;
  const accepted = (result: object) => ({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: now() });
  const refused = (retMsg: string) => ({ retCode: 10001, retMsg, result: {}, retExtInfo: {}, time: now() });
  const categories: Readonly<
    Record<string, { among: Map<string, Listing>; show: (of: Listing, at: number) => object }>
  > = {
    spot: { among: market.listings.bybit, show: spotTicker },
    linear: { among: market.contracts.bybit, show: linearTicker },
  };
  const traded = (category: string) =>
    [...(categories[category]?.among.values() ?? [])].filter(({ delistedAt }) => delistedAt === undefined);

  app.get('/v5/market/time', (c) => {
    const seconds = String(Math.floor(now() / 1_000));
    return c.json(accepted({ timeSecond: seconds, timeNano: `${now()}000000` }));
  });
  app.get('/v5/market/tickers', (c) => {
    const { category = '', symbol } = c.req.query();
    const { show } = categories[category] ?? {};
    if (show === undefined) return c.json(refused('Illegal category'));
    const listings = traded(category).filter((listing) => symbol === undefined || listing.symbol === symbol);
    if (symbol !== undefined && listings.length === 0) return c.json(refused('Not supported symbols'));
    return c.json(accepted({ category, list: listings.map((listing) => show(listing, now())) }));
  });
  app.get('/v5/market/kline', (c) => {
    const { category = 'linear', symbol = '', interval = '', start, end, limit = '200' } = c.req.query();
    const listing = traded(category).find((known) => known.symbol === symbol);
    const widthMs = widths[interval];
    if (listing === undefined) return c.json(refused('Not supported symbols'));
    if (widthMs === undefined) return c.json(refused('Invalid period!'));
    const most = Math.min(Number(limit), 1_000);
    const to = end === undefined ? now() : Number(end);
    const from = start === undefined ? to - most * widthMs : Number(start);
    const query = { widthMs, from, to, fillsGaps: true };
    const candles =
      start !== undefined && end === undefined
        ? firstCandlesOf(listing, now(), query, most)
        : candlesOf(listing, now(), query).slice(-most);
    const list = candles.map(({ openTime, open, high, low, close, trades }) => [
      String(openTime),
      open.text,
      high.text,
      low.text,
      close.text,
      String(trades),
      close.value.times(trades).toFixed(),
    ]);
    return c.json(accepted({ category, symbol, list: list.reverse() }));
  });
  return app;
}

export const hosts: ExchangeHosts = { BYBIT_BASE_URL: bybitSimulator };
