import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Alert, AlertSpec } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import { restoreCondition } from '../../src/domain/conditions/read-condition.js';
import { alertIdentity, fingerprint } from '../../src/domain/identity.js';
import { readRows, type SheetRows } from '../../src/domain/rows.js';
import { newAlert, planSync, type SyncPlan } from '../../src/domain/sync-plan.js';
import { header, reading } from '../support/builders.js';
import { alert, likelyRow, table } from './arbitraries.js';

const users = ['default', 'dmitry'];
const now = Date.UTC(2026, 0, 15);
const nothingToDo = { kind: 'apply', plan: { create: [], change: [] } };

describe('any cells', () => {
  test('give an alert or a sentence for each row that holds something, and never an exception', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(users, [], undefined), (cells, known) => {
        const read = readRows(cells, reading(known));
        if (!read.ok) {
          expect(read.error).toMatch(/\S/);
          return;
        }
        const { rows, specs, errors } = read.value;
        expect(specs.length + errors.length).toBe(rows);
        for (const { row, message } of errors) {
          expect(row).toBeGreaterThan(1);
          expect(message).toMatch(/\S/);
        }
        for (const { condition } of specs)
          expect(restoreCondition(condition.kind, condition.target.text)).toEqual(condition);
      }),
      { numRuns: 400 },
    );
  });

  test('give no more than one alert for equal content, whatever the number of rows', () => {
    fc.assert(
      fc.property(fc.array(likelyRow, { maxLength: 20 }), (rows) => {
        const { specs } = readable([...rows, ...rows.toReversed()]);
        expect(new Set(specs.map(({ id }) => id)).size).toBe(specs.length);
        const contents = specs.filter((each) => each.id === alertIdentity(each)).map(alertIdentity);
        expect(new Set(contents).size).toBe(contents.length);
        expect(readRows([header, ...rows], reading(users))).toMatchObject({ value: { specs } });
      }),
      { numRuns: 200 },
    );
  });

  test('read, written out and read again are the same alert', () => {
    const cellsOf = (each: AlertSpec): Cell[] => [
      each.symbol,
      each.condition.kind,
      each.condition.target.text,
      each.user,
      each.exchange,
      each.active,
      each.name,
      each.notes,
      each.id === alertIdentity(each) ? '' : each.id,
    ];
    fc.assert(
      fc.property(table, (cells) => {
        const once = readRows(cells, reading(undefined));
        if (!once.ok) return;
        const { specs } = once.value;
        const again = readRows([header, ...specs.map(cellsOf)], reading(undefined));
        expect(again).toMatchObject({ ok: true, value: { specs, errors: [] } });
      }),
      { numRuns: 400 },
    );
  });
});

function applied(plan: SyncPlan, stored: readonly Alert[]): Alert[] {
  const alerts = new Map(stored.map((each) => [each.id, each]));
  for (const created of plan.create) {
    expect(alerts.has(created.id)).toBe(false);
    alerts.set(created.id, newAlert(created, now));
  }
  for (const { previous, next } of plan.change) {
    expect(alerts.get(previous.id)).toBe(previous);
    alerts.set(next.id, next);
  }
  return [...alerts.values()];
}

const readable = (rows: readonly (readonly Cell[])[], stored?: readonly Alert[]): SheetRows => {
  const read = readRows([header, ...rows], reading(users), stored);
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

describe('a sync', () => {
  const listed = alert.filter(({ status }) => status !== 'expired');
  const rowsAndStored = fc
    .tuple(fc.array(likelyRow, { maxLength: 12 }), fc.uniqueArray(listed, { selector: ({ id }) => id, maxLength: 10 }))
    // Some of the stored alerts are those of rows.
    .map(([rows, strangers]) => {
      const sheet = readable(rows);
      const kept = strangers.map((stranger, index) => ({ ...stranger, ...(sheet.specs[index * 2] ?? {}) }));
      return { sheet, stored: [...new Map(kept.map((each) => [each.id, each])).values()] };
    });

  test('whatever is stored, done twice changes nothing the second time', () => {
    fc.assert(
      fc.property(rowsAndStored, fc.nat(3_600_000), ({ sheet, stored }, laterMs) => {
        const first = planSync(sheet, stored, undefined, now);
        if (first.kind === 'refuse') return;
        const after = applied(first.plan, stored).filter(({ status }) => status !== 'expired');
        expect(planSync(sheet, after, undefined, now + laterMs)).toEqual(nothingToDo);
      }),
      { numRuns: 300 },
    );
  });

  test('of copied rows keeps to its choice: read again with what it stored, in any order, nothing changes', () => {
    const copied = fc
      .record({
        symbol: fc.constantFrom('BTCUSDT', 'BTC USDT'),
        target: fc.integer({ min: 1, max: 4 }),
        id: fc.constantFrom('a', 'b', ''),
      })
      .map(({ symbol, target, id }): Cell[] => [symbol, 'above', target, '', '', '', '', '', id]);
    const refused = ({ specs }: SheetRows) => ({ fingerprint: fingerprint(specs.map(({ id }) => id)), times: 2 });
    const cases = fc
      .array(copied, { maxLength: 6 })
      .chain((rows) =>
        fc.tuple(
          fc.constant(rows),
          fc.shuffledSubarray(rows, { minLength: rows.length }),
          fc.array(copied, { maxLength: 6 }),
          fc.array(fc.constantFrom('pending' as const, 'triggered' as const), { minLength: 12, maxLength: 12 }),
        ),
      );
    fc.assert(
      fc.property(cases, ([rows, shuffled, earlier, statuses]) => {
        const stored: Alert[] = readable(earlier, []).specs.map((each, index) => ({
          ...newAlert(each, now - 60_000),
          status: statuses[index] ?? 'pending',
        }));
        const sheet = readable(rows, stored);
        expect(new Set(sheet.specs.map(({ id }) => id)).size).toBe(sheet.specs.length);
        const first = planSync(sheet, stored, refused(sheet), now);
        if (first.kind === 'refuse') throw new Error(first.reason);
        const after = applied(first.plan, stored).filter(({ status }) => status !== 'expired');
        for (const again of [rows, shuffled]) {
          const next = planSync(readable(again, after), after, undefined, now + 60_000);
          expect(next).toEqual(nothingToDo);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('whatever is stored, touches nothing that is being sent, and a refusal touches nothing at all', () => {
    fc.assert(
      fc.property(rowsAndStored, ({ sheet, stored }) => {
        const decision = planSync(sheet, stored, undefined, now);
        if (decision.kind === 'refuse') {
          expect(decision.refusal).toEqual({ fingerprint: expect.any(String), times: 1 });
          return;
        }
        for (const { previous } of decision.plan.change) expect(previous.status).not.toBe('notifying');
      }),
      { numRuns: 200 },
    );
  });
});
