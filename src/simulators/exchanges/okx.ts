import type { Context, Hono } from 'hono';
import { hourMs, minuteMs } from '../../domain/time.js';
import { candlesOf, dayOf, lastTick } from '../candles.js';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import type { ExchangeHosts } from '../hosts.js';
import type { Listing, SimulatedMarket } from '../market.js';
import { nextSettlement } from '../settlement.js';

const widths: Readonly<Record<string, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1H': hourMs,
};

/** Of one length. https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks */
const latest = 1_440;
const mostCandles = 300;

type InstType = 'SPOT' | 'SWAP';

/** All as text; absent is the empty one. */
function ticker(listing: Listing, instType: InstType, now: number) {
  const last = lastTick(listing, now)?.price.text ?? '';
  const day = dayOf(listing, now);
  // What is listed is traded all the time; trades are written down only where the price moves.
  const volume = String(last === '' ? 0 : Math.max(day?.trades ?? 0, 1));
  return {
    instType,
    instId: listing.symbol,
    last,
    lastSz: last === '' ? '0' : '1',
    askPx: last,
    askSz: '1',
    bidPx: last,
    bidSz: '1',
    open24h: day?.open.text ?? '',
    high24h: day?.high.text ?? '',
    low24h: day?.low.text ?? '',
    sodUtc0: day?.open.text ?? '',
    sodUtc8: day?.open.text ?? '',
    volCcy24h: volume,
    vol24h: volume,
    ts: String(now),
  };
}

/** The settlement at `fundingTime` is to come. A contract with an end stands in the list as a future, with a rate. */
function fundingRate({ symbol, contract }: Listing, now: number) {
  const { kind = 'perpetual', rate = '', intervalHours = 8 } = contract ?? {};
  const next = contract === undefined ? 0 : nextSettlement(contract, now);
  return {
    formulaType: 'withRate',
    fundingRate: rate,
    fundingTime: String(next),
    impactValue: '20000.0000000000000000',
    instId: symbol,
    instType: kind === 'dated' ? 'FUTURES' : 'SWAP',
    interestRate: '0.0001000000000000',
    maxFundingRate: '0.00375',
    method: 'current_period',
    minFundingRate: '-0.00375',
    nextFundingRate: '',
    nextFundingTime: String(next + intervalHours * hourMs),
    premium: '0',
    prevFundingTime: String(next - intervalHours * hourMs),
    settFundingRate: rate,
    settState: 'settled',
    ts: String(now),
  };
}

const accepted = (data: readonly unknown[]) => ({ code: '0', data, msg: '' });
const refused = (code: string, msg: string) => ({ code, data: [], msg });
const unknown = refused('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");

/** Newest first; those that began after `before` and ahead of `after`. Nothing traded: a flat one. */
function candles(listing: Listing, now: number, query: Record<string, string>, isHistory: boolean) {
  const { bar = '1m', before, after, limit = '100' } = query;
  const widthMs = widths[bar];
  if (widthMs === undefined) return refused('51000', 'Parameter bar error');
  const underWay = now - (now % widthMs);
  const oldest = isHistory ? 0 : underWay - (latest - 1) * widthMs;
  const from = Math.max(oldest, before === undefined ? 0 : Number(before) + 1);
  // Nobody says whether the history has the one that is under way; here it has not.
  const to = Math.min(isHistory ? underWay - 1 : now, after === undefined ? now : Number(after) - 1);
  const most = Math.min(Number(limit), mostCandles);
  const found = candlesOf(listing, now, { widthMs, from, to, fillsGaps: true }).slice(-most);
  const rows = found.map(({ openTime, open, high, low, close, trades }) => {
    const quote = close.value.times(trades).toFixed();
    const texts = [open, high, low, close].map(({ text }) => text);
    const confirm = openTime === underWay ? '0' : '1';
    return [String(openTime), ...texts, String(trades), String(trades), quote, confirm];
  });
  return accepted(rows.reverse());
}

/** Spot and swaps. Every answer is HTTP 200, errors too: `code` tells. What was delisted is unknown. */
export function okxSimulator(market: SimulatedMarket, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const { now } = market;
  const listed = (instType: string): Listing[] => {
    const among = { SPOT: market.listings.okx, SWAP: market.contracts.okx }[instType];
    return [...(among?.values() ?? [])].filter(({ delistedAt }) => delistedAt === undefined);
  };
  const swaps = () => listed('SWAP').filter(({ contract }) => contract?.kind !== 'dated');
  const byId = (instId: string) => [...listed('SPOT'), ...swaps()].find(({ symbol }) => symbol === instId);

  app.get('/api/v5/public/time', (c) => c.json(accepted([{ ts: String(now()) }])));
  app.get('/api/v5/market/tickers', (c) => {
    const { instType = '' } = c.req.query();
    if (instType === 'SPOT') return c.json(accepted(listed('SPOT').map((each) => ticker(each, 'SPOT', now()))));
    if (instType === 'SWAP') return c.json(accepted(swaps().map((each) => ticker(each, 'SWAP', now()))));
    return c.json(refused('51000', 'Parameter instType error'));
  });
  app.get('/api/v5/public/funding-rate', (c) => {
    const { instId = '' } = c.req.query();
    const found = listed('SWAP').filter(({ symbol }) => instId === 'ANY' || symbol === instId);
    return c.json(found.length === 0 ? unknown : accepted(found.map((each) => fundingRate(each, now()))));
  });
  const give = (isHistory: boolean) => (c: Context) => {
    const query = c.req.query();
    const listing = byId(query.instId ?? '');
    return c.json(listing === undefined ? unknown : candles(listing, now(), query, isHistory));
  };
  app.get('/api/v5/market/candles', give(false));
  app.get('/api/v5/market/history-candles', give(true));
  return app;
}

export const hosts: ExchangeHosts = { OKX_BASE_URL: okxSimulator };
