import pLimit, { type LimitFunction } from 'p-limit';
import { type ChannelName, notifierOf } from './registry.js';

/** One limit for each account or address. */
export function createConnections() {
  const limits = new Map<string, LimitFunction>();
  return async <T>(channel: ChannelName, fingerprint: string, work: () => Promise<T>): Promise<T> => {
    const { allowed, per } = notifierOf(channel).connections;
    const key = per === 'account' ? channel : fingerprint;
    const limit = limits.get(key) ?? pLimit(allowed);
    limits.set(key, limit);
    return limit(async () => {
      const result = await work();
      // fetch takes a connection back a moment after its answer; a request before that would open another.
      await new Promise(setImmediate);
      return result;
    });
  };
}
