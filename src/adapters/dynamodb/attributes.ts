import type { Delivery, ExpiredAlert, WaitingAlert } from '../../domain/alert.js';
import type { Attributes } from '../../domain/fields/field.js';
import { valueAttributes } from '../../domain/fields/values.js';

export const indexName = 'entity_type-index';

/** Expired alerts have another type, so that they leave the listing: reads stay small however old the sheet is. */
export const entityTypes = { live: 'alert', expired: 'expired-alert' } as const;

/** ISO 8601 in UTC with milliseconds: as text it sorts by time. */
export function instantText(instant: number): string;
export function instantText(instant: number | undefined): string | undefined;
export function instantText(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

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

export function deliveryAttributes({
  trigger,
  ...delivery
}: Delivery): Record<keyof typeof withoutDelivery, Attributes[string]> {
  return {
    fire_id: delivery.fireId,
    claimed_at: instantText(delivery.claimedAt),
    attempts: delivery.attempts,
    lease_by: delivery.leaseBy,
    lease_until: instantText(delivery.leaseUntil),
    next_attempt_at: instantText(delivery.nextAttemptAt),
    possible_repeat: delivery.isPossibleRepeat,
    last_error: delivery.lastError,
    fired_exchange: trigger.market.exchange,
    fired_kind: trigger.market.kind === 'spot' ? undefined : trigger.market.kind,
    fired_symbol: trigger.market.symbol,
    fired_price: trigger.price,
    touched_at: instantText(trigger.touchedAt),
    last_price: trigger.lastPrice,
    last_price_at: instantText(trigger.lastPriceAt),
  };
}

/** For an alert that is armed afresh. */
export const withoutDelivery = {
  fire_id: undefined,
  claimed_at: undefined,
  attempts: undefined,
  lease_by: undefined,
  lease_until: undefined,
  next_attempt_at: undefined,
  possible_repeat: undefined,
  last_error: undefined,
  fired_exchange: undefined,
  fired_kind: undefined,
  fired_symbol: undefined,
  fired_price: undefined,
  touched_at: undefined,
  last_price: undefined,
  last_price_at: undefined,
} satisfies Attributes;
