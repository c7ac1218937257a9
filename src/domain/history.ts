import type { Alert, NotifyingAlert, Receipt, Trigger } from './alert.js';
import type { ChannelDelivery } from './delivery/channel.js';
import { fieldNamed, fieldNames } from './fields/fields.js';

/** What the alert was when it happened: its row may say something else by now, or be gone. */
export interface RecordedAlert {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly symbol: string;
  readonly condition: string;
  readonly target: string;
}

/** What became of a fire on one channel of its user. Instants in ms. */
export type RecordedOutcome = { readonly channel: string } & (
  | { readonly outcome: 'accepted'; readonly at: number; readonly acknowledgedAt?: number | undefined }
  | { readonly outcome: 'refused' | 'given-up'; readonly detail: string | undefined }
);

/** `at`: the claim (ms). */
export interface FireRecord {
  readonly kind: 'fired';
  readonly at: number;
  readonly fireId: string;
  readonly alert: RecordedAlert;
  readonly trigger: Trigger;
  readonly channels: readonly RecordedOutcome[];
}

export const rowChanges = ['created', 'changed', 'paused', 'armed again', 'over', 'expired'] as const;
export type RowChange = (typeof rowChanges)[number];

/** `at` in ms. */
export interface ChangeRecord {
  readonly kind: RowChange;
  readonly at: number;
  readonly alert: RecordedAlert;
  /** The fields of the row that say something else than before. */
  readonly fields: readonly string[];
}

export type HistoryRecord = FireRecord | ChangeRecord;

/** Somebody was there. `at` in ms. */
export interface Acknowledgement {
  readonly fireId: string;
  readonly claimedAt: number;
  readonly channel: string;
  readonly at: number;
}

const recordedAlert = ({ id, user, name, symbol, condition }: Alert): RecordedAlert => ({
  ...{ id, user, name, symbol },
  ...{ condition: condition.kind, target: condition.target.text },
});

/** What is still open says nothing yet: a fire is recorded when all of its channels are settled. */
function recordedOutcome(each: ChannelDelivery): readonly RecordedOutcome[] {
  const { channel } = each;
  switch (each.state) {
    case 'accepted':
      return [{ channel, outcome: 'accepted', at: each.at }];
    case 'waiting':
      return [];
    default:
      return [{ channel, outcome: each.state, detail: each.lastError }];
  }
}

/** Of an alert whose channels are settled, right before its commit. */
export const fireRecord = (alert: NotifyingAlert): FireRecord => ({
  kind: 'fired',
  at: alert.delivery.claimedAt,
  fireId: alert.delivery.fireId,
  alert: recordedAlert(alert),
  trigger: alert.delivery.trigger,
  channels: alert.delivery.channels.flatMap(recordedOutcome),
});

/** A run that took over may not know what another one had accepted: what was accepted once stays so. */
export function mergedOutcomes(
  before: readonly RecordedOutcome[],
  after: readonly RecordedOutcome[],
): readonly RecordedOutcome[] {
  const merged = new Map(before.map((each) => [each.channel, each]));
  for (const each of after) {
    const known = merged.get(each.channel);
    const acknowledgedAt = known?.outcome === 'accepted' ? known.acknowledgedAt : undefined;
    if (each.outcome === 'accepted') {
      merged.set(each.channel, { ...each, ...(acknowledgedAt !== undefined && { acknowledgedAt }) });
    } else if (known === undefined) merged.set(each.channel, each);
  }
  return [...merged.values()];
}

/** When the first channel had it (ms). */
export const deliveredAt = ({ channels }: FireRecord): number | undefined =>
  channels.reduce<number | undefined>(
    (first, each) => (each.outcome === 'accepted' ? Math.min(first ?? each.at, each.at) : first),
    undefined,
  );

function changedFields(previous: Alert, next: Alert): readonly string[] {
  return fieldNames.filter((name) => {
    const { attributes } = fieldNamed(name);
    return JSON.stringify(attributes.write(previous[name])) !== JSON.stringify(attributes.write(next[name]));
  });
}

function changeOf(previous: Alert, next: Alert): RowChange {
  if (next.status === 'expired') return 'expired';
  if (previous.active && !next.active) return 'paused';
  return next.active && next.armedAt !== previous.armedAt ? 'armed again' : 'changed';
}

/** What a row's change did to its alert. `at` in ms. */
export const changeRecord = (previous: Alert, next: Alert, at: number): ChangeRecord => ({
  kind: changeOf(previous, next),
  at,
  alert: recordedAlert(next),
  fields: changedFields(previous, next),
});

export const createdRecord = (alert: Alert, at: number): ChangeRecord => ({
  ...{ kind: 'created', at, fields: [] },
  alert: recordedAlert(alert),
});

export const overRecord = (alert: Alert, at: number): ChangeRecord => ({
  ...{ kind: 'over', at, fields: [] },
  alert: recordedAlert(alert),
});

/** Undefined where nobody has acknowledged it, or where it was rung by a version that kept no history. */
export function acknowledgementOf(receipt: Receipt): Acknowledgement | undefined {
  const { fireId, claimedAt, channel, acknowledgedAt: at } = receipt;
  return claimedAt === undefined || at === undefined ? undefined : { fireId, claimedAt, channel, at };
}

/** The key: by time, and for a take-over the same as for the claim. */
export function historyId(of: { readonly at: number } & ({ readonly fireId: string } | ChangeRecord)): string {
  const instant = new Date(of.at).toISOString();
  return 'fireId' in of ? `${instant}#${of.fireId}` : `${instant}#${of.alert.id}#${of.kind}`;
}
