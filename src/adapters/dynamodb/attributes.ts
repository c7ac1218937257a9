import type { ExpiredAlert, WaitingAlert } from '../../domain/alert.js';
import type { Condition } from '../../domain/conditions/registry.js';
import { noFires } from '../../domain/delivery/repeat.js';
import { noDelivery, type Outbox } from '../../domain/delivery/transition.js';
import { expiresField } from '../../domain/fields/expires.js';
import type { Attributes } from '../../domain/fields/field.js';
import { valueAttributes } from '../../domain/fields/values.js';
import { instantsText, rearmText, receiptsText } from './between-fires.js';
import { channelsText } from './channels.js';
import { instantText } from './instant.js';
import { memoryText } from './memory.js';
import { triggerAttributes } from './trigger.js';

export const indexName = 'entity_type-index';

/**
 * Expired alerts have another type, so that they leave the listing: reads stay small however old the sheet is. The history
 * is listed by time, which its ids begin with.
 */
export const entityTypes = { live: 'alert', expired: 'expired-alert', history: 'history' } as const;

/** Without the key. */
export function alertAttributes(alert: WaitingAlert | ExpiredAlert): Attributes {
  const isExpired = alert.status === 'expired';
  return {
    ...valueAttributes(alert),
    entity_type: isExpired ? entityTypes.expired : entityTypes.live,
    status: alert.status,
    created_at: instantText(alert.createdAt),
    armed_at: instantText(alert.armedAt),
    triggered_at: instantText(alert.triggeredAt),
    triggered_count: alert.triggeredCount,
    expired_at: isExpired ? instantText(alert.expiredAt) : undefined,
    status_before: isExpired ? alert.statusBefore : undefined,
  };
}

const outboxCodecs: { readonly [Field in keyof Outbox]: (value: Outbox[Field], condition: Condition) => Attributes } = {
  memory: (memory, condition) => ({ memory: memory && memoryText(condition, memory) }),
  rearm: (rearm) => ({ rearm: rearmText(rearm) }),
  recentFires: (fires) => ({ recent_fires: instantsText(fires) }),
  receipts: (receipts) => ({ receipts: receiptsText(receipts) }),
  overAt: (at) => ({ over_at: instantText(at) }),
  status: (status) => ({ status }),
  active: (active) => ({ active }),
  expires: expiresField.attributes.write,
  armedAt: (at) => ({ armed_at: instantText(at) }),
  triggeredAt: (at) => ({ triggered_at: instantText(at) }),
  triggeredCount: (count) => ({ triggered_count: count }),
  fireId: (id) => ({ fire_id: id }),
  claimedAt: (at) => ({ claimed_at: instantText(at) }),
  attempts: (attempts) => ({ attempts }),
  leaseBy: (runId) => ({ lease_by: runId }),
  leaseUntil: (at) => ({ lease_until: instantText(at) }),
  channels: (channels) => ({ channels: channelsText(channels) }),
  nextAttemptAt: (at) => ({ next_attempt_at: instantText(at) }),
  isPossibleRepeat: (isPossibleRepeat) => ({ possible_repeat: isPossibleRepeat }),
  lastError: (error) => ({ last_error: error }),
  trigger: triggerAttributes,
};

/** Of each field that is there, also of one that is undefined: its attributes are absent. */
export function outboxAttributes(outbox: Partial<Outbox>, condition: Condition): Attributes {
  const attributes = Object.entries(outbox).map(([field, value]) =>
    (outboxCodecs[field as keyof Outbox] as (value: unknown, condition: Condition) => Attributes)(value, condition),
  );
  return Object.assign({}, ...attributes);
}

/** For an alert whose notification is no longer under way. */
export const withoutDelivery = (condition: Condition): Attributes => outboxAttributes(noDelivery, condition);

/** For an alert that is armed afresh. Otherwise another run may have written more than was listed. */
export const withoutFires = (condition: Condition): Attributes => outboxAttributes(noFires, condition);
