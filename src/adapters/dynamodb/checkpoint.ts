import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { noWatermarks } from '../../domain/evidence/watermark.js';
import type { Outages } from '../../domain/exchange-health.js';
import { exchangeNames } from '../../domain/market.js';
import type { AlertStore } from '../../flows/ports.js';
import { instantText } from './attributes.js';
import { Instant } from './read-item.js';
import { storeError } from './store-error.js';
import { type AlertTable, createItem } from './write.js';

/** No trader's id begins like this. Without an `entity_type` the item stays out of the index. */
const checkpointId = '#checkpoint';

const longestReason = 300;

/** A missing or unreadable field counts as not known: the next run finds it out and writes it afresh. */
const CheckpointItem = v.object({
  checked_at: Instant,
  refused_fingerprint: v.fallback(v.optional(v.string()), undefined),
  refused_times: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
  quota_retry_at: v.fallback(v.optional(Instant), undefined),
  quota_token: v.fallback(v.optional(v.string()), undefined),
  /** Both or neither: without the exceptions the instant for all would close windows that are open. */
  checked_through: v.fallback(v.optional(Instant), undefined),
  open_since: v.fallback(v.optional(v.record(v.string(), Instant)), undefined),
  never_seen: v.fallback(v.optional(v.array(v.string())), undefined),
  outages: v.fallback(
    v.optional(
      v.record(
        v.picklist(exchangeNames),
        v.object({ since: Instant, permanent: v.boolean(), reason: v.string(), told: v.boolean() }),
      ),
    ),
    undefined,
  ),
});

function readOutages(stored: v.InferOutput<typeof CheckpointItem>['outages'] = {}): Outages {
  return Object.fromEntries(
    Object.entries(stored).map(([exchange, { since, permanent, reason, told }]) => [
      exchange,
      { since, isPermanent: permanent, reason, isTold: told },
    ]),
  );
}

const outageAttributes = (outages: Outages) =>
  Object.fromEntries(
    Object.entries(outages).map(([exchange, { since, isPermanent, reason, isTold }]) => [
      exchange,
      { since: instantText(since), permanent: isPermanent, reason: reason.slice(0, longestReason), told: isTold },
    ]),
  );

export function createCheckpoints(
  table: AlertTable,
): Pick<AlertStore, 'readCheckpoint' | 'writeCheckpoint' | 'claimNews'> {
  const { client, tableName } = table;
  return {
    async readCheckpoint() {
      const command = new GetCommand({ TableName: tableName, Key: { id: checkpointId }, ConsistentRead: true });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeError('give the checkpoint', tableName, error);
      });
      const parsed = v.safeParse(CheckpointItem, Item);
      if (!parsed.success) return undefined;
      const { checked_at, refused_fingerprint, refused_times, quota_retry_at, quota_token } = parsed.output;
      const { checked_through, open_since, never_seen } = parsed.output;
      const isQuota = quota_retry_at !== undefined && quota_token !== undefined;
      const isRefusal = refused_fingerprint !== undefined && refused_times !== undefined;
      return {
        checkedAt: checked_at,
        refusal: isRefusal ? { fingerprint: refused_fingerprint, times: refused_times } : undefined,
        usedUpQuota: isQuota ? { retryAt: quota_retry_at, tokenFingerprint: quota_token } : undefined,
        outages: readOutages(parsed.output.outages),
        watermarks:
          open_since === undefined
            ? noWatermarks
            : { all: checked_through, openSince: open_since, neverSeen: never_seen },
      };
    },

    async writeCheckpoint({ checkedAt, refusal, usedUpQuota, watermarks, outages }) {
      const Item = {
        id: checkpointId,
        checked_at: instantText(checkedAt),
        refused_fingerprint: refusal?.fingerprint,
        refused_times: refusal?.times,
        quota_retry_at: instantText(usedUpQuota?.retryAt),
        quota_token: usedUpQuota?.tokenFingerprint,
        outages: outageAttributes(outages),
        checked_through: instantText(watermarks.all),
        never_seen: watermarks.neverSeen,
        open_since: Object.fromEntries(
          Object.entries(watermarks.openSince).map(([market, since]) => [market, instantText(since)]),
        ),
      };
      await client.send(new PutCommand({ TableName: tableName, Item })).catch((error: unknown) => {
        throw storeError('take the checkpoint', tableName, error);
      });
    },

    claimNews: (key, runId) =>
      createItem(table, { what: `take the news ${key}`, id: `#news-${key}`, item: { told_by: runId } }),
  };
}
