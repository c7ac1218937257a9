import { createHash } from 'node:crypto';
import { type Condition, kindNamed } from './conditions/registry.js';
import type { ExchangeName } from './market.js';

const hash = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);

/**
 * Identity is content: sorting, inserting and noting change nothing, a new price is a new alert.
 * 80 bits of SHA-256, so that two different alerts never meet in one sheet.
 */
export function alertIdentity(content: {
  user: string;
  exchange: ExchangeName | undefined;
  symbol: string;
  condition: Condition;
}): string {
  const { user, exchange, symbol, condition } = content;
  return hash([
    user,
    exchange ?? '',
    symbol,
    condition.kind,
    kindNamed(condition.kind).canonicalText(condition.target),
  ]);
}

/** The same for two reads that hold the same alerts, in whatever order. */
export function fingerprint(ids: readonly string[]): string {
  return hash(ids.toSorted());
}
