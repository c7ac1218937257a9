import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/result.js';
import { symbolParts } from '../../domain/symbol.js';
import type { PriceError, Ticker, Tickers } from '../../flows/ports.js';
import { address } from './address.js';
import { askCandles } from './coinbase-candles.js';
import { askEachProduct } from './coinbase-ticker.js';
import type { Exchange, Get } from './exchange.js';
import { jsonOf, statusError, unanswered, unexpected } from './reply.js';
import { PriceField, pickTickers, readEntry, tickerOf } from './ticker-list.js';

/** What Coinbase quotes in, by its own list: https://api.exchange.coinbase.com/products */
const ownQuotes = ['USD', 'USDC', 'EUR', 'GBP', 'USDT', 'BTC', 'ETH'];

const Products = v.object({ products: v.array(v.unknown()) });
const Flag = v.nullish(v.boolean());
const Product = v.object({
  price: PriceField,
  status: v.nullish(v.string(), ''),
  is_disabled: Flag,
  trading_disabled: Flag,
});

/** A product that trades no more keeps its last price, which must never be compared. */
function haltOf({ status, is_disabled, trading_disabled }: v.InferOutput<typeof Product>): string | undefined {
  if (status !== '' && status !== 'online') return `the product is ${status}`;
  return is_disabled || trading_disabled ? 'trading is disabled' : undefined;
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
  const { products } = body.output;
  // Ids that are all unknown may give an empty list; of all products there is never none.
  if (products.length === 0 && ids !== undefined) {
    return ok(new Map(symbols.map((symbol) => [symbol, err({ kind: 'unknown-symbol' })])));
  }
  const tickers = pickTickers(products, 'product_id', symbols, read);
  return tickers === undefined ? err(unexpected(answer.value, 'a list of products')) : ok(tickers);
}

/** Longer lists make a longer address than a proxy may take. */
const mostIds = 100;

export const coinbase: Exchange<'COINBASE_BASE_URL' | 'COINBASE_EXCHANGE_BASE_URL'> = {
  name: 'coinbase',
  origins: {
    COINBASE_BASE_URL: 'https://api.coinbase.com',
    COINBASE_EXCHANGE_BASE_URL: 'https://api.exchange.coinbase.com',
  },
  spell(symbol, isNamed) {
    const parts = symbolParts(symbol, isNamed ? ownQuotes : undefined);
    return parts === undefined ? undefined : `${parts.base}-${parts.quote}`;
  },
  /** https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/list-public-products */
  async tickers(get, origins, symbols) {
    const ids = symbols.length <= mostIds ? symbols : undefined;
    let bulk = await askProducts(get, origins.COINBASE_BASE_URL, symbols, ids);
    // One unknown id may have spoilt the list.
    if (!bulk.ok && bulk.error.kind === 'bad-response' && ids !== undefined) {
      bulk = await askProducts(get, origins.COINBASE_BASE_URL, symbols, undefined);
    }
    if (bulk.ok || (bulk.error.kind !== 'bad-response' && bulk.error.kind !== 'unavailable')) return bulk;
    return askEachProduct(get, origins.COINBASE_EXCHANGE_BASE_URL, symbols);
  },
  candleOffer: { spansMs: [60_000, 3_600_000], perAnswer: 300 },
  /** https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits */
  requestsPerSecond: 10,
  candles: askCandles,
};
