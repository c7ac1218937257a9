import * as v from 'valibot';
import { err, ok, type Result } from '../../../domain/result.js';
import type { PriceError, PriceRanges } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Get } from '../exchange.js';
import { rangeOf } from '../range-list.js';
import { jsonOf, statusError, unanswered, unexpected } from '../reply.js';

const Stats = v.record(v.string(), v.unknown());
const Product = v.object({ stats_24hour: v.object({ high: v.unknown(), low: v.unknown() }) });

/**
 * `{"BTC-USD": {"stats_24hour": {"high", "low", …}, …}, …}` of every product in one call of the exchange host. It is not
 * documented, though many programs have used it for years, and has no time in it: nobody says how fresh it is. A product
 * that is missing or unreadable is left out, and an answer with none is a failure.
 */
export async function askDayRanges(
  get: Get,
  { COINBASE_EXCHANGE_BASE_URL: origin }: Readonly<Record<'COINBASE_EXCHANGE_BASE_URL', string>>,
): Promise<Result<PriceRanges, PriceError>> {
  const answer = await get(address(origin, '/products/stats'));
  if (!answer.ok) return err(unanswered(answer.error));
  const byStatus = statusError(answer.value);
  if (byStatus !== undefined) return err(byStatus);
  const body = v.safeParse(Stats, jsonOf(answer.value));
  const ranges = new Map(
    (body.success && answer.value.status < 400 ? Object.entries(body.output) : []).flatMap(([id, entry]) => {
      const product = v.safeParse(Product, entry);
      const range = product.success ? rangeOf(product.output.stats_24hour) : undefined;
      return range === undefined ? [] : [[id, range] as const];
    }),
  );
  return ranges.size === 0 ? err(unexpected(answer.value, "every product's high and low")) : ok(ranges);
}
