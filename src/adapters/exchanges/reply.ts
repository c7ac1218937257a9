import { cutText } from '../../domain/cut-text.js';
import type { PriceError } from '../../flows/ports/price-source.js';
import type { NoAnswer, Reply } from '../http.js';

export const unanswered = ({ detail }: NoAnswer): PriceError => ({ kind: 'unavailable', detail });

/** `Retry-After` is read in seconds; as a date it counts as absent. */
export function rateLimited(reply: Reply): PriceError {
  const seconds = /^\d{1,9}$/.exec(reply.headers.get('retry-after') ?? '')?.[0];
  return { kind: 'rate-limited', retryAfterSeconds: seconds === undefined ? undefined : Number(seconds) };
}

/** Gates and proxies answer in HTML, whatever was asked for. */
export const isHtml = (reply: Reply): boolean => /^\s*</.test(reply.text);

/** The words of CloudFront's and Cloudflare's pages for countries that the service has blocked. */
const isCountryBlock = (reply: Reply): boolean =>
  reply.status === 451 ||
  (reply.status === 403 && /your (country|region)|country or region|restricted location/i.test(reply.text));

/** What a status says whoever sent it; undefined where the body has to tell. */
export function statusError(reply: Reply): PriceError | undefined {
  const { status } = reply;
  if (isCountryBlock(reply)) return { kind: 'region-blocked', status };
  if (status === 429) return rateLimited(reply);
  if (status === 403 || status >= 500) return { kind: 'unavailable', detail: `HTTP ${status}` };
  return undefined;
}

/** Undefined where the text is no JSON, cut-off JSON included. */
export function jsonOf(reply: Reply): unknown {
  try {
    return JSON.parse(reply.text);
  } catch {
    return undefined;
  }
}

/** A service's own words without addresses, and short: a broken answer can be a megabyte. */
export const quoted = (text: string): string => {
  const words = text.slice(0, 500).replace(/\w+:\/\/\S+/g, '…');
  return `"${cutText(words, 120)}"`;
};

function shape(reply: Reply): string {
  if (reply.text.trim() === '') return 'an empty body';
  if (isHtml(reply)) return 'an HTML page';
  const body = jsonOf(reply);
  if (body === undefined) return `${reply.text.length} characters that are no JSON`;
  return Array.isArray(body) && body.length === 0 ? 'an empty list' : 'JSON of another shape';
}

/** `got` in words, where the service said more than the shape of its answer tells. */
export const unexpected = (reply: Reply, expected: string, got = shape(reply)): PriceError => ({
  kind: 'bad-response',
  issues: [`expected ${expected}, got ${got} with HTTP ${reply.status}`],
});
