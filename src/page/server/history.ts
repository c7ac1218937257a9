import type { Hono } from 'hono';
import * as v from 'valibot';
import { reachedText } from '../../domain/funding.js';
import { deliveredAt, type HistoryRecord } from '../../domain/history.js';
import { dayMs } from '../../domain/time.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { HistoryEntry, HistoryView } from '../protocol-views.js';
import { refuse } from './guard.js';

const most = 1_000;
const usualMs = 7 * dayMs;

const instantOf = (name: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,14}$/, `${name}: expected an instant in milliseconds since 1970`),
      v.transform(Number),
    ),
  );
const Name = (name: string) =>
  v.optional(v.pipe(v.string(), v.maxLength(200, `${name}: expected at most 200 characters`)));

const Query = v.object({
  from: instantOf('from'),
  to: instantOf('to'),
  alert: Name('alert'),
  user: Name('user'),
  atMost: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/, 'atMost: expected a number from 1 to 9999'), v.transform(Number)),
  ),
});

function entryOf(record: HistoryRecord): HistoryEntry {
  const { id: alertId, ...alert } = record.alert;
  const known = { at: record.at, what: record.kind, alertId, ...alert };
  if (record.kind !== 'fired') return { ...known, fields: record.fields };
  const { trigger, channels } = record;
  return {
    ...known,
    fields: [],
    fire: {
      market: trigger.market,
      reached: reachedText(trigger),
      touchedAt: trigger.touchedAt,
      deliveredAt: deliveredAt(record),
      channels,
    },
  };
}

/** What happened, of all alerts or of one. */
export function addHistory(app: Hono, { history, now }: Pick<Ports, 'history' | 'now'>): void {
  app.get('/api/history', async (c) => {
    const asked = v.safeParse(Query, c.req.query());
    if (!asked.success) return refuse(c, 400, asked.issues.map(({ message }) => message).join('. '));
    const { alert: alertId, user, ...times } = asked.output;
    const to = times.to ?? now() + 1;
    const atMost = Math.min(times.atMost ?? most, most);
    const { records, unreadable } = await history.read({
      ...{ from: times.from ?? to - usualMs, to, atMost: atMost + 1 },
      ...(alertId !== undefined && alertId !== '' && { alertId }),
      ...(user !== undefined && user !== '' && { user }),
    });
    return c.json({
      entries: records.slice(-atMost).toReversed().map(entryOf),
      isCut: records.length > atMost,
      unreadable: unreadable.map(({ id, message }) => `the item ${id} of the history cannot be read: ${message}`),
    } satisfies HistoryView);
  });
}
