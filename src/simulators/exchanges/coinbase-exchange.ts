import type { Context, Hono } from 'hono';
import { type Candle, candlesOf, dayOf, lastTick, startOf } from '../candles.js';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import type { Listing, SimulatedMarket } from '../market.js';

const widths: ReadonlySet<string> = new Set(['60', '300', '900', '3600']);

/** https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-product-candles */
const mostCandles = 300;

/** Seconds since 1970, or an ISO date; NaN where it is neither. */
const readInstant = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text));

/** JSON numbers with the digits of the prices' text, which JavaScript's own printing would turn into 1e-7. */
const row = ({ openTime, open, high, low, close, trades }: Candle): string =>
  `[${openTime / 1_000},${[low, high, open, close].map(({ value }) => value.toFixed()).join(',')},${trades}]`;

/** Of every product, of a call that no document has, and many programs use. */
function statsOf(listing: Listing, now: number) {
  const day = dayOf(listing, now);
  const volume = String(day?.trades ?? 0);
  return {
    stats_30day: { volume },
    stats_24hour: {
      open: day?.open.text ?? '',
      high: day?.high.text ?? '',
      low: day?.low.text ?? '',
      last: lastTick(listing, now)?.price.text ?? '',
      volume,
    },
  };
}

/** The Exchange host, product by product. Long, because its calls share the finding of a product. */
export function coinbaseExchangeSimulator(market: SimulatedMarket, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const { now } = market;
  const of = (read: (c: Context, listing: Listing) => Response) => (c: Context) => {
    const listing = market.listings.coinbase.get(c.req.param('id') ?? '');
    return listing === undefined ? c.json({ message: 'NotFound' }, 404) : read(c, listing);
  };

  app.get('/products/stats', (c) => {
    const traded = [...market.listings.coinbase.values()].filter(({ delistedAt }) => delistedAt === undefined);
    return c.json(Object.fromEntries(traded.map((listing) => [listing.symbol, statsOf(listing, now())])));
  });
  app.get(
    '/products/:id/ticker',
    of((c, listing) => {
      if (listing.delistedAt !== undefined) return c.json({ message: 'Not allowed for delisted products' }, 400);
      const tick = lastTick(listing, now());
      const price = tick?.price.text ?? '';
      return c.json({
        ask: price,
        bid: price,
        volume: String(dayOf(listing, now())?.trades ?? 0),
        trade_id: listing.ticks.length,
        price,
        size: '1',
        time: new Date(now()).toISOString().replace('Z', '000000Z'),
        rfq_volume: '0',
      });
    }),
  );
  app.get(
    '/products/:id/stats',
    of((c, listing) => {
      const day = dayOf(listing, now());
      const volume = String(day?.trades ?? 0);
      return c.json({
        open: day?.open.text ?? '',
        high: day?.high.text ?? '',
        low: day?.low.text ?? '',
        last: lastTick(listing, now())?.price.text ?? '',
        volume,
        volume_30day: volume,
        rfq_volume_24hour: '0',
        rfq_volume_30day: '0',
      });
    }),
  );
  app.get(
    '/products/:id/candles',
    of((c, listing) => {
      const { granularity = '', start, end } = c.req.query();
      if (!widths.has(granularity)) return c.json({ message: 'Unsupported granularity' }, 400);
      const widthMs = Number(granularity) * 1_000;
      // One without the other is as good as neither.
      const isRange = start !== undefined && end !== undefined;
      const to = isRange ? readInstant(end) : now();
      const from = isRange ? readInstant(start) : startOf(to, widthMs) - (mostCandles - 1) * widthMs;
      if (Number.isNaN(from) || Number.isNaN(to)) return c.json({ message: 'Invalid start' }, 400);
      // The candle that `start` falls into is given too.
      const first = startOf(from, widthMs);
      if ((to - first) / widthMs >= mostCandles) {
        const why = `granularity too small for the requested time range. Count of aggregations requested exceeds ${mostCandles}`;
        return c.json({ message: why }, 400);
      }
      const candles = candlesOf(listing, now(), { widthMs, from: first, to, fillsGaps: false });
      return c.body(`[${candles.map(row).reverse().join(',')}]`, 200, { 'content-type': 'application/json' });
    }),
  );
  return app;
}
