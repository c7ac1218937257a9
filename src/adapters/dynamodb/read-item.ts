import * as v from 'valibot';
import type { Alert, Delivery } from '../../domain/alert.js';
import type { Condition } from '../../domain/conditions/registry.js';
import { type ChannelDelivery, untoldOn } from '../../domain/delivery/channel.js';
import { expectedGot, Text, YesNo } from '../../domain/fields/field.js';
import { fieldNames } from '../../domain/fields/fields.js';
import { restoreValues } from '../../domain/fields/values.js';
import { oneShape } from '../../domain/one-shape.js';
import { err, ok, type Result } from '../../domain/result.js';
import { keptBetweenFires } from './between-fires.js';
import { Channels, firstChannel } from './channels.js';
import { Instant, instantOf } from './instant.js';
import { readMemoryText } from './memory.js';
import { fundingFields, triggerFields, triggerOf } from './trigger.js';

const Count = v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(0, 'expected 0 or more'));

const stored = {
  id: Text,
  armed_at: Instant,
  created_at: Instant,
  triggered_at: v.optional(Instant),
  triggered_count: Count,
  /** What is none is told, and the alert watched all the same: see `memoryProblem`. */
  memory: v.optional(v.unknown()),
  ...keptBetweenFires,
};

const delivery = {
  fire_id: Text,
  claimed_at: Instant,
  attempts: Count,
  lease_by: Text,
  lease_until: v.optional(Instant),
  channels: v.optional(Channels),
  next_attempt_at: v.optional(Instant),
  possible_repeat: v.optional(YesNo, false),
  last_error: v.optional(v.string()),
  ...triggerFields,
};

const fundingDelivery = { ...delivery, ...fundingFields };

/** Of the last fire; nothing is decided by them any more. */
const LastChannels = v.fallback(v.optional(Channels), undefined);
const WaitingItem = v.object({ ...stored, channels: LastChannels, status: v.picklist(['pending', 'triggered']) });
const NotifyingItem = v.object({ ...stored, ...delivery, status: v.literal('notifying') });
const FundingItem = v.object({ ...stored, ...fundingDelivery, status: v.literal('notifying') });
const ExpiredItem = v.object({
  ...stored,
  status: v.literal('expired'),
  expired_at: Instant,
  status_before: v.picklist(['pending', 'triggered'], 'expected pending or triggered'),
});
const statuses = 'expected pending, notifying, triggered or expired';
const Item = v.variant('status', [WaitingItem, NotifyingItem, ExpiredItem], statuses);
const ItemWithFunding = v.variant('status', [WaitingItem, FundingItem, ExpiredItem], statuses);
type Item = v.InferOutput<typeof Item> | v.InferOutput<typeof ItemWithFunding>;
type DeliveryItem = Extract<Item, { status: 'notifying' }>;

/** What only the schema reads. */
const rare = ['rearm', 'recent_fires', 'receipts', 'over_at', 'channels'] as const;
const isPlain = (item: Readonly<Record<string, unknown>>): boolean =>
  (item.status === 'pending' || item.status === 'triggered') && rare.every((name) => item[name] === undefined);

/**
 * As the schema reads it, by hand and in a tenth of the time: nearly every item of a large table waits, and has little to say. Undefined
 * where the schema has to be asked.
 */
function plainItem(item: Readonly<Record<string, unknown>>): v.InferOutput<typeof WaitingItem> | undefined {
  const { id, status, triggered_count: count, memory } = item;
  const [armedAt, createdAt, triggeredAt] = [item.armed_at, item.created_at, item.triggered_at].map(instantOf);
  const isRight =
    isPlain(item) &&
    typeof id === 'string' &&
    id !== '' &&
    armedAt !== undefined &&
    createdAt !== undefined &&
    (triggeredAt === undefined) === (item.triggered_at === undefined) &&
    Number.isInteger(count) &&
    (count as number) >= 0;
  if (!isRight) return undefined;
  return {
    id,
    status: status as 'pending' | 'triggered',
    armed_at: armedAt,
    created_at: createdAt,
    triggered_at: triggeredAt,
    triggered_count: count as number,
    memory,
    channels: undefined,
  };
}

/** Items without channels were claimed when there was but one. */
function firstChannelOf(item: DeliveryItem): ChannelDelivery {
  return {
    channel: firstChannel,
    state: 'waiting',
    isPossibleRepeat: item.possible_repeat,
    nextAttemptAt: item.next_attempt_at,
    lastError: item.last_error,
  };
}

function deliveryOf(item: DeliveryItem): Delivery {
  return {
    fireId: item.fire_id,
    claimedAt: item.claimed_at,
    attempts: item.attempts,
    leaseBy: item.lease_by,
    leaseUntil: item.lease_until,
    channels: item.channels ?? [firstChannelOf(item)],
    nextAttemptAt: item.next_attempt_at,
    isPossibleRepeat: item.possible_repeat,
    lastError: item.last_error,
    trigger: triggerOf(item),
  };
}

function memoryOf(condition: Condition, stored: unknown): Pick<Alert, 'memory' | 'unreadableMemory'> {
  const memory = readMemoryText(condition, stored);
  return memory === undefined ? { unreadableMemory: stored } : { memory };
}

/** Undefined where there is none. Only an edit by hand, or another version, makes a memory that cannot be read. */
export function memoryProblem({ condition, unreadableMemory: stored }: Alert): string | undefined {
  if (stored === undefined) return undefined;
  const problem = expectedGot('memory', `expected what "${condition.kind}" remembers`, stored);
  return `${problem}; the alert is watched, and what it measures from begins anew. Where this is told again, delete the attribute`;
}

/** What not every alert has. */
function more(item: Item): object {
  const rest = {
    ...(item.rearm !== undefined && { rearm: item.rearm }),
    ...(item.recent_fires !== undefined && { recentFires: item.recent_fires }),
    ...(item.receipts !== undefined && { receipts: item.receipts }),
    ...(item.over_at !== undefined && { overAt: item.over_at }),
  };
  switch (item.status) {
    case 'notifying':
      return { ...rest, delivery: deliveryOf(item) };
    case 'expired':
      return { ...rest, expiredAt: item.expired_at, statusBefore: item.status_before };
    default: {
      const untold = untoldOn(item.channels ?? []);
      return { ...rest, ...(untold && { untold }) };
    }
  }
}

const newStored = oneShape([
  ...fieldNames,
  ...(['id', 'status', 'armedAt', 'createdAt', 'triggeredAt', 'triggeredCount'] as const),
]);
type Stored = ReturnType<typeof newStored>;

/** `stored` has its values already. */
function alertOf(item: Item, stored: Stored): Alert {
  stored.id = item.id;
  stored.status = item.status;
  stored.armedAt = item.armed_at;
  stored.createdAt = item.created_at;
  stored.triggeredAt = item.triggered_at;
  stored.triggeredCount = item.triggered_count;
  if (item.memory !== undefined) Object.assign(stored, memoryOf(stored.condition as Condition, item.memory));
  return Object.assign(stored, isPlain(item) ? undefined : more(item)) as unknown as Alert;
}

/** What is said after the problem of an item. */
export const remedy = 'mend it, or delete the item: the next check writes it anew from its row';

function problemOf(issue: v.BaseIssue<unknown>, item: Readonly<Record<string, unknown>>): string {
  const attribute = String(issue.path?.[0]?.key);
  return expectedGot(attribute, issue.message, item[attribute]);
}

/** The error says which attributes are wrong: only an edit by hand makes an item that cannot be read. */
export function readItem(item: Readonly<Record<string, unknown>>): Result<Alert, string> {
  const stored = newStored();
  const values = restoreValues(item, stored);
  const plain = values.ok ? plainItem(item) : undefined;
  if (plain !== undefined) return ok(alertOf(plain, stored));
  const schema = item.funding_interval_hours === undefined ? Item : ItemWithFunding;
  const parsed = v.safeParse(schema, item, { message: (issue) => `expected ${issue.expected}` });
  if (values.ok && parsed.success) return ok(alertOf(parsed.output, stored));
  const problems = parsed.success ? [] : parsed.issues.map((issue) => problemOf(issue, item));
  return err([...(values.ok ? [] : values.error), ...problems].join('; '));
}
