import type { Alert } from '../domain/alert.js';
import { headings, shownUnder, valueRecord } from '../domain/fields/values.js';
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
  // A column that no alert fills only takes room.
  const filled = headings.filter((heading) => alerts.some((alert) => shownUnder(heading, alert) !== ''));
  return aligned([
    ['STATUS', ...filled, 'WHERE IT STANDS'],
    ...sorted.map((alert) => [alert.status, ...filled.map((heading) => shownUnder(heading, alert)), standing(alert)]),
  ]);
}

/** The same for programs: prices as text, instants as ISO 8601. */
export function alertRecords(alerts: readonly Alert[]): unknown[] {
  return alerts.map((alert) => ({
    id: alert.id,
    status: alert.status,
    ...valueRecord(alert),
    armedAt: new Date(alert.armedAt).toISOString(),
    triggeredAt: alert.triggeredAt === undefined ? null : new Date(alert.triggeredAt).toISOString(),
    triggeredCount: alert.triggeredCount,
    standing: standing(alert),
  }));
}
