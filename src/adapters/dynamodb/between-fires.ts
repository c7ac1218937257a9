import * as v from 'valibot';
import type { Rearm, Receipt } from '../../domain/alert.js';
import { Instant, instantText } from './instant.js';

/** Each as one text: conditions of the embedded DynamoDB compare no lists, and ours look for the whole state. */
const Text = v.pipe(v.string(), v.parseJson());

const StoredRearm = v.pipe(
  Text,
  v.object({ since: Instant, not_before: Instant, fired: v.string(), behind: v.optional(v.literal(true)) }),
);
const StoredReceipts = v.pipe(
  Text,
  v.array(
    v.object({
      channel: v.string(),
      receipt: v.optional(v.string()),
      fire_id: v.string(),
      rung_at: Instant,
      claimed_at: v.optional(Instant),
      acknowledged_at: v.optional(Instant),
    }),
  ),
);

/** What an alert keeps from one fire to the next. */
export const keptBetweenFires = {
  rearm: v.optional(
    v.pipe(
      StoredRearm,
      v.transform(
        ({ since, not_before, fired, behind }): Rearm => ({
          since,
          notBefore: not_before,
          fired,
          isBehind: behind === true,
        }),
      ),
    ),
  ),
  recent_fires: v.optional(v.pipe(Text, v.array(Instant))),
  receipts: v.optional(
    v.pipe(
      StoredReceipts,
      v.transform((receipts) =>
        receipts.map(
          ({ channel, receipt, fire_id, rung_at, claimed_at, acknowledged_at }): Receipt => ({
            channel,
            receipt,
            fireId: fire_id,
            rungAt: rung_at,
            ...(claimed_at !== undefined && { claimedAt: claimed_at }),
            acknowledgedAt: acknowledged_at,
          }),
        ),
      ),
    ),
  ),
  over_at: v.optional(Instant),
};

export const rearmText = (rearm: Rearm | undefined): string | undefined =>
  rearm &&
  JSON.stringify({
    since: instantText(rearm.since),
    not_before: instantText(rearm.notBefore),
    fired: rearm.fired,
    behind: rearm.isBehind || undefined,
  });

export const instantsText = (instants: readonly number[] | undefined): string | undefined =>
  instants && JSON.stringify(instants.map((each) => instantText(each)));

export const receiptsText = (receipts: readonly Receipt[] | undefined): string | undefined =>
  receipts &&
  JSON.stringify(
    receipts.map(({ channel, receipt, fireId, rungAt, claimedAt, acknowledgedAt }) => ({
      channel,
      receipt,
      fire_id: fireId,
      rung_at: instantText(rungAt),
      claimed_at: instantText(claimedAt),
      acknowledged_at: instantText(acknowledgedAt),
    })),
  );
