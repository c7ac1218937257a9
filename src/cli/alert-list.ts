import type { Alert } from '../domain/alert.js';
import { isPausedByStorm } from '../domain/delivery/repeat.js';
import { headings, shownUnder, valueRecord } from '../domain/fields/values.js';
import { reachedText } from '../domain/funding.js';
import { waitText } from '../domain/message.js';
import { shownPrice } from '../domain/price.js';
import { aligned, shownInstant } from './print.js';

/** When it is looked at (ms), and in which zone a time of the day is told. */
interface Seen {
  readonly now: number;
  readonly timeZone: string;
}

function pendingStanding(alert: Alert, { now, timeZone }: Seen): string {
  const fired = alert.triggeredAt === undefined ? '' : `, fired ${shownInstant(alert.triggeredAt)}`;
  if (alert.overAt !== undefined) return `over since ${shownInstant(alert.expires?.at ?? alert.overAt)}${fired}`;
  if (!alert.active) return 'paused: active is FALSE in the sheet';
  if (alert.rearm !== undefined) return `waits for the price to come back${fired}`;
  return `${waitText(alert, now, timeZone) ?? `armed since ${shownInstant(alert.armedAt)}`}${fired}`;
}

/** Why the alert is silent, or what became of it. */
function standing(alert: Alert, seen: Seen): string {
  switch (alert.status) {
    case 'pending':
      return pendingStanding(alert, seen);
    case 'triggered':
      if (isPausedByStorm(alert))
        return 'paused: it fired fifteen times within an hour; set active to FALSE, then TRUE, to resume it';
      return `fired ${alert.triggeredAt === undefined ? '' : shownInstant(alert.triggeredAt)}; set active to FALSE, then TRUE, to arm it again`;
    case 'notifying': {
      const { delivery } = alert;
      const next = delivery.nextAttemptAt ?? delivery.leaseUntil;
      return [
        `touched ${shownPrice(reachedText(delivery.trigger))} at ${shownInstant(delivery.trigger.touchedAt)}, not yet accepted`,
        `attempt ${delivery.attempts}${next === undefined ? '' : `, next from ${shownInstant(next)}`}`,
        ...(delivery.lastError === undefined ? [] : [delivery.lastError]),
      ].join('; ');
    }
    case 'expired':
      return `its row left the sheet ${shownInstant(alert.expiredAt)}`;
  }
}

const order = { notifying: 0, pending: 1, triggered: 2, expired: 3 };

export function shownAlerts(alerts: readonly Alert[], seen: Seen): string {
  if (alerts.length === 0) return 'No alerts are stored yet. Run: trading-alerts check';
  const sorted = alerts.toSorted((a, b) => order[a.status] - order[b.status] || a.symbol.localeCompare(b.symbol));
  // A column that no alert fills only takes room.
  const filled = headings.filter((heading) => alerts.some((alert) => shownUnder(heading, alert) !== ''));
  return aligned([
    ['STATUS', ...filled, 'WHERE IT STANDS'],
    ...sorted.map((alert) => [
      alert.status,
      ...filled.map((heading) => shownUnder(heading, alert)),
      standing(alert, seen),
    ]),
  ]);
}

/** The same for programs: prices as text, instants as ISO 8601. */
export function alertRecords(alerts: readonly Alert[], seen: Seen): unknown[] {
  return alerts.map((alert) => ({
    id: alert.id,
    status: alert.status,
    ...valueRecord(alert),
    armedAt: new Date(alert.armedAt).toISOString(),
    triggeredAt: alert.triggeredAt === undefined ? null : new Date(alert.triggeredAt).toISOString(),
    triggeredCount: alert.triggeredCount,
    standing: standing(alert, seen),
  }));
}
