import { createHash } from 'node:crypto';
import type { FieldValues, IdentityName } from './fields/fields.js';
import { identityParts } from './fields/values.js';

const hash = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);

/**
 * Identity is content: sorting, inserting and noting change nothing, a new price is a new alert.
 * 80 bits of SHA-256, so that two different alerts never meet in one sheet.
 */
export const alertIdentity = (content: Pick<FieldValues, IdentityName>): string => hash(identityParts(content));

/** The same for two reads that hold the same alerts, in whatever order. */
export function fingerprint(ids: readonly string[]): string {
  return hash(ids.toSorted());
}
