import type { Alert } from '../domain/alert.js';
import { shownPrice } from '../domain/price.js';
import { aligned, shownInstant } from './print.js';

/** Why the alert is silent, or what became of it. */
function standing(alert: Alert): string {
  switch (alert.status) {
    case 'pending':
      return alert.active ? `armed since ${shownInstant(alert.armedAt)}` : 'paused: active is FALSE in the sheet';
    case 'triggered':
      return `fired ${alert.triggeredAt === undefined ? '' : shownInstant(alert.triggeredAt)}; set active to FALSE, then TRUE, to arm it again`;
    case 'notifying': {
      const { delivery } = alert;
      const next = delivery.nextAttemptAt ?? delivery.leaseUntil;
      return [
        `touched ${shownPrice(delivery.trigger.price)} at ${shownInstant(delivery.trigger.touchedAt)}, not yet accepted by Pushover`,
        `attempt ${delivery.attempts}${next === undefined ? '' : `, next from ${shownInstant(next)}`}`,
        ...(delivery.lastError === undefined ? [] : [delivery.lastError]),
      ].join('; ');
    }
    case 'expired':
      return `its row left the sheet ${shownInstant(alert.expiredAt)}`;
  }
}

const order = { notifying: 0, pending: 1, triggered: 2, expired: 3 };

export function shownAlerts(alerts: readonly Alert[]): string {
  if (alerts.length === 0) return 'No alerts are stored yet. Run: trading-alerts check';
  const sorted = alerts.toSorted((a, b) => order[a.status] - order[b.status] || a.symbol.localeCompare(b.symbol));
  return aligned([
    ['STATUS', 'ALERT', 'EXCHANGE', 'USER', 'NAME', 'WHERE IT STANDS'],
    ...sorted.map((alert) => [
      alert.status,
      `${alert.symbol} ${alert.condition.kind} ${alert.condition.target.text}`,
      alert.exchange ?? 'any',
      alert.user,
      alert.name,
      standing(alert),
    ]),
  ]);
}

/** The same for programs: prices as text, instants as ISO 8601. */
export function alertRecords(alerts: readonly Alert[]): unknown[] {
  return alerts.map((alert) => ({
    id: alert.id,
    status: alert.status,
    symbol: alert.symbol,
    exchange: alert.exchange ?? null,
    condition: alert.condition.kind,
    targetPrice: alert.condition.target.text,
    user: alert.user,
    name: alert.name,
    notes: alert.notes,
    active: alert.active,
    armedAt: new Date(alert.armedAt).toISOString(),
    triggeredAt: alert.triggeredAt === undefined ? null : new Date(alert.triggeredAt).toISOString(),
    triggeredCount: alert.triggeredCount,
    standing: standing(alert),
  }));
}
