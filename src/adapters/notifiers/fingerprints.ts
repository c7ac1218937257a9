import { createHash } from 'node:crypto';
import type { PlacedKey } from './keys.js';
import type { ChannelName } from './registry.js';

/** Of an address: nothing of it can be read from one. */
export const fingerprintOf = (channel: ChannelName, address: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([channel, address]))
    .digest('hex')
    .slice(0, 32);

/**
 * For the checkpoint: 48 bits tell one account from the next, and no way leads back from them to a key's random
 * characters. The words before it keep it apart from any other hash of the same key.
 */
export const accountFingerprintOf = (channel: ChannelName, account: PlacedKey): string =>
  createHash('sha256')
    .update(
      `trading-alerts ${channel} ${Object.entries(account.value as object)
        .flat()
        .join(' ')}`,
    )
    .digest('hex')
    .slice(0, 12);
