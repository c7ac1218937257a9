import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { cutText } from '../../domain/cut-text.js';
import type { AccountWaits } from '../../domain/delivery/backoff.js';
import { noWatermarks } from '../../domain/evidence/watermark.js';
import type { Outages } from '../../domain/exchange-health.js';
import { sourceNames } from '../../domain/market.js';
import type { AlertStore, Checkpoint } from '../../flows/ports/alert-store.js';
import { firstChannel } from './channels.js';
import { Instant, instantText } from './instant.js';
import { storeError } from './store-error.js';
import { type AlertTable, createItem } from './write.js';

/** No trader's id begins like this. Without an `entity_type` the item stays out of the index. */
const checkpointId = '#checkpoint';

const longestReason = 300;

/** A missing or unreadable field counts as not known: the next run finds it out and writes it afresh. */
const CheckpointItem = v.object({
  checked_at: Instant,
  last_checked_at: v.fallback(v.optional(Instant), undefined),
  told_rows: v.fallback(v.optional(v.string()), undefined),
  refused_fingerprint: v.fallback(v.optional(v.string()), undefined),
  refused_times: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
  account_waits: v.fallback(
    v.optional(
      v.record(v.string(), v.object({ retry_at: Instant, account: v.optional(v.string()), detail: v.string() })),
    ),
    undefined,
  ),
  /** Of the first version's one channel. */
  quota_retry_at: v.fallback(v.optional(Instant), undefined),
  quota_token: v.fallback(v.optional(v.string()), undefined),
  /** Both or neither: without the exceptions the instant for all would close windows that are open. */
  checked_through: v.fallback(v.optional(Instant), undefined),
  open_since: v.fallback(v.optional(v.record(v.string(), Instant)), undefined),
  /** Unreadable counts as all: a window may always open earlier. */
  ruled_out: v.optional(
    v.pipe(
      v.unknown(),
      v.transform((stored) => (v.is(v.array(v.string()), stored) ? stored : ('all' as const))),
    ),
  ),
  never_seen: v.fallback(v.optional(v.array(v.string())), undefined),
  users_missing_at: v.fallback(v.optional(Instant), undefined),
  users_fingerprint: v.fallback(v.optional(v.string()), undefined),
  /** Whether the two above say anything: both are absent as well where there is no such tab. */
  users_known: v.fallback(v.optional(v.literal(true)), undefined),
  outages: v.fallback(
    v.optional(
      v.record(
        v.picklist(sourceNames),
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
      { since: instantText(since), permanent: isPermanent, reason: cutText(reason, longestReason), told: isTold },
    ]),
  );

const firstDetail = "Pushover's monthly quota is used up; buy more messages, or wait for its reset";

function readWaits({
  account_waits: waits,
  quota_retry_at: retryAt,
  quota_token: fingerprint,
}: v.InferOutput<typeof CheckpointItem>): AccountWaits {
  if (waits === undefined) {
    if (retryAt === undefined || fingerprint === undefined) return {};
    return { [firstChannel]: { retryAt, fingerprint, detail: firstDetail } };
  }
  return Object.fromEntries(
    Object.entries(waits).map(([channel, { retry_at, account, detail }]) => [
      channel,
      { retryAt: retry_at, fingerprint: account, detail },
    ]),
  );
}

const waitAttributes = (waits: AccountWaits) =>
  Object.fromEntries(
    Object.entries(waits).map(([channel, { retryAt, fingerprint, detail }]) => [
      channel,
      { retry_at: instantText(retryAt), account: fingerprint, detail: cutText(detail, longestReason) },
    ]),
  );

function readCheckpointItem(item: unknown): Checkpoint | undefined {
  const parsed = v.safeParse(CheckpointItem, item);
  if (!parsed.success) return undefined;
  const { checked_at, last_checked_at, told_rows, refused_fingerprint, refused_times } = parsed.output;
  const { checked_through, open_since, ruled_out, never_seen } = parsed.output;
  const { users_known, users_missing_at, users_fingerprint } = parsed.output;
  const isRefusal = refused_fingerprint !== undefined && refused_times !== undefined;
  return {
    checkedAt: checked_at,
    ...(last_checked_at !== undefined && { lastCheckedAt: last_checked_at }),
    ...(told_rows !== undefined && { toldRows: told_rows }),
    refusal: isRefusal ? { fingerprint: refused_fingerprint, times: refused_times } : undefined,
    accountWaits: readWaits(parsed.output),
    outages: readOutages(parsed.output.outages),
    ...(users_known && { usersTab: { missingAt: users_missing_at, fingerprint: users_fingerprint } }),
    watermarks:
      open_since === undefined
        ? noWatermarks
        : { all: checked_through, openSince: open_since, ruledOut: ruled_out, neverSeen: never_seen },
  };
}

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
      return readCheckpointItem(Item);
    },

    async writeCheckpoint({
      checkedAt,
      lastCheckedAt,
      toldRows,
      refusal,
      accountWaits,
      watermarks,
      outages,
      usersTab,
    }) {
      const Item = {
        id: checkpointId,
        checked_at: instantText(checkedAt),
        last_checked_at: instantText(lastCheckedAt),
        told_rows: toldRows,
        refused_fingerprint: refusal?.fingerprint,
        refused_times: refusal?.times,
        account_waits: Object.keys(accountWaits).length === 0 ? undefined : waitAttributes(accountWaits),
        outages: outageAttributes(outages),
        users_known: usersTab && true,
        users_missing_at: instantText(usersTab?.missingAt),
        users_fingerprint: usersTab?.fingerprint,
        checked_through: instantText(watermarks.all),
        ruled_out: watermarks.ruledOut,
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
