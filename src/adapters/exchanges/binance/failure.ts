import * as v from 'valibot';
import type { PriceError } from '../../../flows/ports/price-source.js';
import type { Reply } from '../../http.js';
import { quoted, rateLimited, statusError, unexpected } from '../reply.js';

const Refusal = v.object({ code: v.number(), msg: v.optional(v.string(), '') });

/**
 * 418 is a ban for going on after 429, and 403 the firewall, unless it is the page of a blocked country.
 * https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md and errors.md
 */
export function failureOf(reply: Reply, body: unknown, expected = 'a list of tickers'): PriceError {
  const byStatus = statusError(reply);
  if (reply.status === 418 || (reply.status === 403 && byStatus?.kind !== 'region-blocked')) return rateLimited(reply);
  if (byStatus !== undefined) return byStatus;
  const refusal = v.safeParse(Refusal, body);
  if (!refusal.success) return unexpected(reply, expected);
  const { code, msg } = refusal.output;
  if (code === -1121) return { kind: 'unknown-symbol' };
  if (code === -1003) return rateLimited(reply);
  return unexpected(reply, expected, `code ${code} ${quoted(msg)}`);
}
