import * as v from 'valibot';
import type { PriceRange } from '../../../domain/evidence/bar.js';
import { err, ok, type Result } from '../../../domain/result.js';
import type { PriceError, PriceRanges } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Get } from '../exchange.js';
import { rangeOf } from '../range-list.js';
import { jsonOf, statusError, unanswered, unexpected } from '../reply.js';

const Product = v.object({ stats_24hour: v.object({ high: v.unknown(), low: v.unknown() }) });

function read(entry: unknown): PriceRange | undefined {
  const product = v.safeParse(Product, entry);
  return product.success ? rangeOf(product.output.stats_24hour) : undefined;
}

/**
 * `{"BTC-USD": {"stats_24hour": {"high", "low", …}, …}, …}` of every product in one call of the exchange host. It is not
 * documented, though many programs have used it for years, and has no time in it: nobody says how fresh it is. A product
 * that is missing or unreadable is left out, and an answer with none is a failure. Each is read when it is asked for: a
 * list has hundreds.
 */
export async function askDayRanges(
  get: Get,
  { COINBASE_EXCHANGE_BASE_URL: origin }: Readonly<Record<'COINBASE_EXCHANGE_BASE_URL', string>>,
): Promise<Result<PriceRanges, PriceError>> {
  const answer = await get(address(origin, '/products/stats'));
  if (!answer.ok) return err(unanswered(answer.error));
  const byStatus = statusError(answer.value);
  if (byStatus !== undefined) return err(byStatus);
  const body = jsonOf(answer.value);
  const products = new Map(typeof body === 'object' && body !== null ? Object.entries(body) : []);
  if (answer.value.status >= 400 || ![...products.values()].some((entry) => read(entry) !== undefined)) {
    return err(unexpected(answer.value, "every product's high and low"));
  }
  return ok({ get: (id) => read(products.get(id)) });
}
