import * as v from 'valibot';
import { err, ok, type Result } from '../../../domain/result.js';
import { symbolParts } from '../../../domain/symbol.js';
import type { PriceError, Ticker, Tickers } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Exchange, Get } from '../exchange.js';
import { jsonOf, statusError, unanswered, unexpected } from '../reply.js';
import { idleness, PriceField, pickTickers, readEntry, tickerOf, VolumeField } from '../ticker-list.js';
import { askCandles } from './candles.js';
import { askDayRanges } from './day-ranges.js';
import { askEachProduct } from './last-trades.js';

/** What Coinbase quotes in, by its own list: https://api.exchange.coinbase.com/products */
const ownQuotes = ['USD', 'USDC', 'EUR', 'GBP', 'USDT', 'BTC', 'ETH'];

const Products = v.object({ products: v.array(v.unknown()) });
const Flag = v.nullish(v.boolean());
const Product = v.object({
  price: PriceField,
  status: v.nullish(v.string(), ''),
  is_disabled: Flag,
  trading_disabled: Flag,
  cancel_only: Flag,
  post_only: Flag,
  auction_mode: Flag,
  volume_24h: VolumeField,
});

/**
 * A product that trades no more keeps its last price, which must never be compared. While only cancels, only makers or
 * an auction are open nothing is matched; `limit_only` goes on trading, and `view_only` is about who may trade.
 * https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-all-known-trading-pairs
 */
function haltOf(product: v.InferOutput<typeof Product>): string | undefined {
  const { status, is_disabled, trading_disabled, cancel_only, post_only, auction_mode } = product;
  if (status && status !== 'online') return `the product is ${status}`;
  if (is_disabled || trading_disabled) return 'trading is disabled';
  if (cancel_only || post_only || auction_mode) return 'trading is halted';
  return idleness(product.volume_24h);
}

const read = (entry: unknown): Result<Ticker, PriceError> =>
  readEntry(Product, entry, (product) => {
    const detail = haltOf(product);
    return detail === undefined ? tickerOf(product.price) : err({ kind: 'no-price', detail });
  });

/** `ids` undefined asks for all products, about 1 MB. */
async function askProducts(
  get: Get,
  origin: string,
  symbols: readonly string[],
  ids: readonly string[] | undefined,
): Promise<Result<Tickers, PriceError>> {
  const query = (ids ?? []).map((id) => ['product_ids', id] as const);
  const answer = await get(address(origin, '/api/v3/brokerage/market/products', query));
  if (!answer.ok) return err(unanswered(answer.error));
  const byStatus = statusError(answer.value);
  if (byStatus !== undefined) return err(byStatus);
  const body = v.safeParse(Products, jsonOf(answer.value));
  if (answer.value.status >= 400 || !body.success) return err(unexpected(answer.value, 'a list of products'));
  const tickers = pickTickers(body.output.products, 'product_id', symbols, read);
  return tickers === undefined ? err(unexpected(answer.value, 'a list of products')) : ok(tickers);
}

/** Longer lists make a longer address than a proxy may take. */
const mostIds = 100;

export const exchange: Exchange<'COINBASE_BASE_URL' | 'COINBASE_EXCHANGE_BASE_URL'> = {
  name: 'coinbase',
  origins: {
    COINBASE_BASE_URL: 'https://api.coinbase.com',
    COINBASE_EXCHANGE_BASE_URL: 'https://api.exchange.coinbase.com',
  },
  toExchangeSymbol(symbol, isNamed) {
    const parts = symbolParts(symbol, isNamed ? ownQuotes : undefined);
    return parts === undefined ? undefined : `${parts.base}-${parts.quote}`;
  },
  /** https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/list-public-products */
  async tickers(get, origins, symbols, now) {
    const ids = symbols.length <= mostIds ? symbols : undefined;
    let bulk = await askProducts(get, origins.COINBASE_BASE_URL, symbols, ids);
    // One unknown id may have spoilt the list, and none of the ids may be known: an empty list does not say which.
    if (!bulk.ok && bulk.error.kind === 'bad-response' && ids !== undefined) {
      bulk = await askProducts(get, origins.COINBASE_BASE_URL, symbols, undefined);
    }
    if (bulk.ok || (bulk.error.kind !== 'bad-response' && bulk.error.kind !== 'unavailable')) return bulk;
    return askEachProduct(get, origins.COINBASE_EXCHANGE_BASE_URL, symbols, now);
  },
  dayRanges: askDayRanges,
  candleOffer: { spansMs: [60_000, 3_600_000], perAnswer: 300 },
  /** https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits */
  requestsPerSecond: 10,
  candles: askCandles,
};
