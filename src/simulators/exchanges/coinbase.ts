import type { Hono } from 'hono';
import { candlesOf, dayOf, lastTick, startOf } from '../candles.js';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import type { ExchangeHosts } from '../hosts.js';
import type { Listing, SimulatedMarket } from '../market.js';
import { coinbaseExchangeSimulator } from './coinbase-exchange.js';

const widths: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60_000,
  FIVE_MINUTE: 5 * 60_000,
  FIFTEEN_MINUTE: 15 * 60_000,
  ONE_HOUR: 60 * 60_000,
};

/** https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/get-public-product-candles */
const mostCandles = 350;

/** A delisted product keeps its last price. */
function product(listing: Listing, now: number) {
  const [base = '', quote = ''] = listing.symbol.split('-');
  const last = lastTick(listing, now)?.price;
  const day = dayOf(listing, now);
  const isTrading = listing.delistedAt === undefined;
  const change = last && day ? last.value.minus(day.open.value).div(day.open.value).times(100).toFixed(8) : '';
  return {
    product_id: listing.symbol,
    price: last?.text ?? '',
    price_percentage_change_24h: change,
    // What is listed is traded all the time; trades are written down only where the price moves.
    volume_24h: String(last && isTrading ? Math.max(day?.trades ?? 0, 1) : 0),
    volume_percentage_change_24h: '0',
    base_increment: '0.00000001',
    quote_increment: '0.01',
    quote_min_size: '1',
    quote_max_size: '150000000',
    base_min_size: '0.00000001',
    base_max_size: '3400',
    base_name: base,
    quote_name: quote,
    watched: false,
    is_disabled: !isTrading,
    new: false,
    status: isTrading ? 'online' : 'delisted',
    cancel_only: false,
    limit_only: false,
    post_only: false,
    trading_disabled: !isTrading,
    auction_mode: false,
    product_type: 'SPOT',
    quote_currency_id: quote,
    base_currency_id: base,
    fcm_trading_session_details: null,
    mid_market_price: '',
    alias: '',
    alias_to: [],
    base_display_symbol: base,
    quote_display_symbol: quote,
    view_only: false,
    price_increment: '0.01',
    display_name: listing.symbol,
    product_venue: 'CBE',
    approximate_quote_24h_volume: last?.value.times(day?.trades ?? 0).toFixed(2) ?? '0',
    new_at: '2023-01-01T00:00:00Z',
    market_cap: '',
    base_cbrn: '',
    quote_cbrn: '',
    product_cbrn: '',
    icon_color: '',
    icon_url: '',
    display_name_overwrite: '',
    is_alpha_testing: false,
    about_description: '',
    best_bid_price: '',
    best_ask_price: '',
  };
}

/** The host of Advanced Trade, its public part. An unknown id in a list is left out of the answer. */
export function coinbaseSimulator(market: SimulatedMarket, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const listed = market.listings.coinbase;
  const refused = (error: string, why: string) => ({ error, error_details: why, message: why });

  app.get('/api/v3/brokerage/market/products', (c) => {
    const ids = c.req.queries('product_ids');
    const found = ids === undefined ? [...listed.values()] : ids.flatMap((id) => listed.get(id) ?? []);
    const products = found.map((listing) => product(listing, market.now()));
    return c.json({ products, num_products: products.length });
  });
  app.get('/api/v3/brokerage/market/products/:id/candles', (c) => {
    const { start = '', end = '', granularity = '' } = c.req.query();
    const listing = listed.get(c.req.param('id'));
    const widthMs = widths[granularity];
    if (listing === undefined) return c.json(refused('NOT_FOUND', 'valid product_id is required'), 404);
    if (widthMs === undefined) return c.json(refused('INVALID_ARGUMENT', 'granularity argument is invalid'), 400);
    if (!/^\d+$/.test(start) || !/^\d+$/.test(end)) {
      return c.json(refused('INVALID_ARGUMENT', 'start and end argument is invalid'), 400);
    }
    const from = startOf(Number(start) * 1_000, widthMs);
    const to = Number(end) * 1_000;
    if ((to - from) / widthMs >= mostCandles) {
      const why = `start and end argument is invalid - number of candles requested should be less than ${mostCandles} `;
      return c.json(refused('INVALID_ARGUMENT', why), 400);
    }
    const candles = candlesOf(listing, market.now(), { widthMs, from, to, fillsGaps: false });
    const shown = candles.map(({ openTime, open, high, low, close, trades }) => ({
      start: String(openTime / 1_000),
      low: low.text,
      high: high.text,
      open: open.text,
      close: close.text,
      volume: String(trades),
    }));
    return c.json({ candles: shown.reverse() });
  });
  return app;
}

export const hosts: ExchangeHosts = {
  COINBASE_BASE_URL: coinbaseSimulator,
  COINBASE_EXCHANGE_BASE_URL: coinbaseExchangeSimulator,
};
