import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert, AlertSpec, ExpiredAlert, WaitingAlert } from '../../src/domain/alert.js';
import { alertIdentity, fingerprint } from '../../src/domain/identity.js';
import type { RowTrace } from '../../src/domain/parse-row.js';
import { price } from '../../src/domain/price.js';
import type { RowError, SheetRows } from '../../src/domain/rows.js';
import {
  type Change,
  newAlert,
  planSync,
  type Refusal,
  restore,
  type SyncDecision,
  type SyncPlan,
  slipMs,
  unwantedUnderWay,
} from '../../src/domain/sync-plan.js';
import {
  above,
  at,
  below,
  expiredAlert,
  notifyingAlert,
  pendingAlert,
  spec,
  triggeredAlert,
} from '../support/builders.js';

const now = at('13:00');

function sheetOf(specs: readonly AlertSpec[], errors: readonly RowError[] = []): SheetRows {
  return { rows: specs.length + errors.length, specs, errors, warnings: [] };
}

const unreadable = (mayBe: Partial<RowTrace>): RowError => ({
  row: 9,
  message: 'unreadable',
  mayBe: { id: undefined, symbol: undefined, kind: undefined, target: undefined, ...mayBe },
});
const badRow = (symbol: string | undefined): RowError => unreadable({ symbol });
const apply = (plan: Partial<SyncPlan>): SyncDecision => ({ kind: 'apply', plan: { create: [], change: [], ...plan } });
const plan = (rows: readonly AlertSpec[], stored: readonly Alert[], errors: readonly RowError[] = []) =>
  planSync(sheetOf(rows, errors), stored, undefined, now);

const change = (previous: Change['previous'], next: Change['next']) => apply({ change: [{ previous, next }] });

const paused = { active: false };
const expiredNow = (previous: WaitingAlert, expiredAt = now) =>
  ({ ...previous, status: 'expired', expiredAt, statusBefore: previous.status }) as const;

describe('a row and its alert', () => {
  test('a new row is an alert that is armed from now on', () => {
    expect(plan([spec()], [])).toEqual(apply({ create: [spec()] }));
    expect(newAlert(spec(), now)).toEqual(pendingAlert({ armedAt: now, createdAt: now }));
  });

  test('a new row that is paused is stored as it stands', () => {
    expect(plan([spec(paused)], [])).toEqual(apply({ create: [spec(paused)] }));
    expect(newAlert(spec(paused), now)).toEqual(pendingAlert({ ...paused, armedAt: now, createdAt: now }));
  });

  test.each<[name: string, said: Partial<AlertSpec>, previous: Alert]>([
    ['a row that did not change', {}, pendingAlert()],
    ['a paused row that did not change', paused, pendingAlert(paused)],
    ['a row that has fired', {}, triggeredAlert()],
    ['an alert that is being told', {}, notifyingAlert()],
    ['an alert that is being told, of a paused row', paused, notifyingAlert()],
    [
      'an alert that is being told, of a row that now asks for something else',
      { condition: below('1'), name: 'x' },
      notifyingAlert(),
    ],
  ])('%s changes nothing', (_, said, previous) => expect(plan([spec(said)], [previous])).toEqual(apply({})));

  const respelt = { condition: above('95000.00') };
  const history = { triggeredAt: at('12:05'), triggeredCount: 3 };
  test.each<[name: string, said: Partial<AlertSpec>, previous: WaitingAlert, next: WaitingAlert]>([
    [
      'name and notes are followed without arming afresh',
      { name: 'New', notes: 'new' },
      pendingAlert(),
      pendingAlert({ name: 'New', notes: 'new' }),
    ],
    [
      'notes of a fired alert are followed without arming it',
      { notes: 'new' },
      triggeredAlert(),
      triggeredAlert({ notes: 'new' }),
    ],
    ['another spelling of the price is followed without arming afresh', respelt, pendingAlert(), pendingAlert(respelt)],
    ['FALSE pauses', paused, pendingAlert(), pendingAlert(paused)],
    ['FALSE pauses what has fired', paused, triggeredAlert(), triggeredAlert(paused)],
    ['FALSE to TRUE arms from now on', {}, pendingAlert(paused), pendingAlert({ armedAt: now })],
    [
      'FALSE to TRUE re-arms what has fired, and its history stays',
      {},
      triggeredAlert({ ...paused, triggeredCount: 3 }),
      pendingAlert({ armedAt: now, ...history }),
    ],
  ])('%s', (_, said, previous, next) => expect(plan([spec(said)], [previous])).toEqual(change(previous, next)));

  test.each<{ name: string; changed: Partial<AlertSpec> }>([
    { name: 'price', changed: { condition: above('96000') } },
    { name: 'direction', changed: { condition: below('95000') } },
    { name: 'symbol', changed: { symbol: 'ETHUSDT' } },
    { name: 'exchange', changed: { exchange: 'bybit' } },
    { name: 'exchange, left blank,', changed: { exchange: undefined } },
    { name: 'user', changed: { user: 'anna' } },
  ])('an id with a new $name arms afresh, even after it has fired', ({ changed }) => {
    const next = pendingAlert({ ...changed, armedAt: now });
    const fired = { triggeredAt: at('12:05'), triggeredCount: 1 };
    expect(plan([spec(changed)], [pendingAlert()])).toEqual(change(pendingAlert(), next));
    expect(plan([spec(changed)], [triggeredAlert()])).toEqual(change(triggeredAlert(), { ...next, ...fired }));
  });

  test('an id with a new price stays paused in a paused row', () => {
    const changed = { ...paused, condition: above('96000') };
    expect(plan([spec(changed)], [triggeredAlert(paused)])).toEqual(
      change(
        triggeredAlert(paused),
        pendingAlert({ ...changed, armedAt: now, triggeredAt: at('12:05'), triggeredCount: 1 }),
      ),
    );
  });
});

describe('a row with an end', () => {
  const day = 24 * 60 * 60_000;
  const started = { text: '30d', at: at('12:00') + 30 * day };
  const past = { text: '2026-11-19', at: at('00:00') };
  const ahead = { text: '2026-12-31', at: at('12:00') + 40 * day };

  test('that is a duration does not move at every check, whatever else changes', () => {
    const row = spec({ expires: { text: '30d', at: now + 30 * day } });
    const previous = pendingAlert({ expires: started });
    expect(plan([row], [previous])).toEqual(apply({}));
    expect(plan([{ ...row, name: 'Renamed' }], [previous])).toEqual(
      change(previous, pendingAlert({ name: 'Renamed', expires: started })),
    );
  });

  test.each([
    { name: 'a later day', expires: ahead },
    { name: 'no end', expires: undefined },
  ])('arms afresh what is over when it says $name', ({ expires }) => {
    const previous = pendingAlert({ expires: past, overAt: past.at });
    expect(plan([spec({ expires })], [previous])).toEqual(change(previous, pendingAlert({ expires, armedAt: now })));
    const notYetOver = pendingAlert({ expires: past });
    expect(plan([spec({ expires })], [notYetOver])).toEqual(change(notYetOver, pendingAlert({ expires })));
  });

  test('arms nothing that has fired, and nothing that is not over', () => {
    for (const previous of [triggeredAlert({ expires: past }), pendingAlert({ expires: started })]) {
      expect(plan([spec({ expires: ahead })], [previous])).toEqual(change(previous, { ...previous, expires: ahead }));
    }
  });
});

test('a new repeat or priority changes the alert and arms nothing', () => {
  const changed = {
    repeat: { text: '1h', afterMs: 3_600_000, back: undefined },
    priority: 'high' as const,
  };
  for (const previous of [pendingAlert(), triggeredAlert()]) {
    expect(plan([spec(changed)], [previous])).toEqual(change(previous, { ...previous, ...changed }));
  }
});

describe('a missing row', () => {
  test.each<{ name: string; previous: WaitingAlert }>([
    { name: 'a pending alert', previous: pendingAlert() },
    { name: 'a paused alert', previous: pendingAlert(paused) },
    { name: 'a fired alert', previous: triggeredAlert() },
  ])('expires $name, which keeps what it was', ({ previous }) => {
    const kept = {
      row: spec({ id: 'other', symbol: 'ETHUSDT' }),
      alert: pendingAlert({ id: 'other', symbol: 'ETHUSDT' }),
    };
    expect(plan([kept.row], [kept.alert, previous])).toEqual(change(previous, expiredNow(previous)));
  });

  test('leaves alone what is being told or has expired already', () => {
    const other = spec({ id: 'other' });
    expect(plan([other], [pendingAlert(other), notifyingAlert(), expiredAlert({ id: 'gone' })])).toEqual(apply({}));
  });

  const missing = pendingAlert({ id: 'missing', symbol: 'ETHUSDT', condition: above('95000') });
  const row = spec();
  test.each<[isHeld: boolean, name: string, ...errors: Partial<RowTrace>[]]>([
    [true, 'of the same symbol', { symbol: 'ETHUSDT' }],
    [true, 'whose symbol cannot be read either', {}],
    [false, 'of another symbol', { symbol: 'SOLUSDT' }],
    [true, 'of several, one of them the same', { symbol: 'SOLUSDT' }, { symbol: 'ETHUSDT' }],
    [true, 'of its id', { id: 'missing', symbol: 'SOLUSDT', kind: 'below' }],
    [false, 'of another id', { id: 'other', symbol: 'ETHUSDT', kind: 'above' }],
    [true, 'of its symbol, whatever else it asks for', { symbol: 'ETHUSDT', kind: 'below', target: price('1') }],
    [false, 'of another symbol that asks for the same', { symbol: 'SOLUSDT', kind: 'above', target: price('95000') }],
    [true, 'without a symbol that asks for the same', { kind: 'above', target: price('95000.0') }],
    [false, 'without a symbol, of the other direction', { kind: 'below', target: price('95000') }],
    [false, 'without a symbol, of another target', { kind: 'above', target: price('95001') }],
    [true, 'of just its direction', { kind: 'above' }],
    [false, 'of just the other direction', { kind: 'below' }],
    [true, 'of just its target', { target: price('95000') }],
    [false, 'of just another target', { target: price('9500') }],
  ])('held %p: may stand in an unreadable row %s', (isHeld, _, ...errors) =>
    expect(plan([row], [pendingAlert(), missing], errors.map(unreadable))).toEqual(
      isHeld ? apply({}) : change(missing, expiredNow(missing)),
    ),
  );

  test('does not stand in a row that is only a duplicate', () => {
    const duplicate = { row: 9, message: 'the same alert as row 2', mayBe: undefined };
    expect(plan([row], [pendingAlert(), missing], [duplicate])).toEqual(change(missing, expiredNow(missing)));
  });

  test('may stand in an unreadable row after it has fired, too', () => {
    const fired = triggeredAlert({ id: 'missing' });
    expect(plan([row], [pendingAlert(), fired], [badRow('BTCUSDT')])).toEqual(apply({}));
  });
});

test.each<[name: string, isUnwanted: boolean, rows: readonly AlertSpec[], errors: readonly RowError[]]>([
  ['stands', false, [spec()], []],
  ['was paused', true, [spec(paused)], []],
  ['is gone', true, [], []],
  ['may be the one that cannot be read', false, [], [badRow('BTCUSDT')]],
])('while an alert is told, nobody wants it any more where its row %s: %p', (_, isUnwanted, rows, errors) => {
  const stored = [notifyingAlert(), pendingAlert({ id: 'gone' })];
  expect([...unwantedUnderWay(sheetOf(rows, errors), stored)]).toEqual(isUnwanted ? [notifyingAlert().id] : []);
});

describe('a row that returns', () => {
  const fired = { triggeredAt: at('12:05'), triggeredCount: 1 };
  const expiredAfterFiring = (expiredAt: number, overrides: Partial<AlertSpec> = {}) =>
    expiredAlert({ ...fired, expiredAt, statusBefore: 'triggered', ...overrides });

  test('restores a pending alert, armed from now on since nobody watched in between', () => {
    const previous = expiredAlert({ expiredAt: now - 1 });
    expect(plan([spec()], [previous])).toEqual(change(previous, pendingAlert({ armedAt: now })));
  });

  const armedNow = (overrides: Partial<WaitingAlert>) => pendingAlert({ ...overrides, armedAt: now });
  const dearer = { condition: above('96000') };
  test.each<[name: string, said: Partial<AlertSpec>, previous: ExpiredAlert, next: WaitingAlert]>([
    [
      'within the hour leaves a fired alert fired',
      { notes: 'new' },
      expiredAfterFiring(now - slipMs + 1),
      triggeredAlert({ notes: 'new' }),
    ],
    [
      'after an hour was written anew and is armed',
      { notes: 'new' },
      expiredAfterFiring(now - slipMs),
      armedNow({ ...fired, notes: 'new' }),
    ],
    [
      'within the hour with a new price is armed',
      dearer,
      expiredAfterFiring(now - 1),
      armedNow({ ...fired, ...dearer }),
    ],
    ['within the hour paused stays fired', paused, expiredAfterFiring(now - 1), triggeredAlert(paused)],
    [
      'within the hour switched from FALSE to TRUE is re-armed, as if it had stayed',
      {},
      expiredAfterFiring(now - 1, paused),
      armedNow(fired),
    ],
    ['paused restores a pending alert as paused', paused, expiredAlert({ expiredAt: now - 1 }), armedNow(paused)],
  ])('%s', (_, said, previous, next) => {
    expect(restore(previous, spec(said), now)).toEqual(next);
    expect(restore(previous, spec(said), now)).not.toHaveProperty('expiredAt');
  });

  test('keeps the day of its creation, which a new one has from now', () => {
    expect(restore(expiredAlert(), spec(), now).createdAt).toBe(at('12:00'));
    expect(newAlert(spec(), now).createdAt).toBe(now);
  });
});

/** Alerts n of m, of as many symbols. */
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ id: `alert-${from + index}`, symbol: `COIN${from + index}USDT` }));
const rowsOf = (some: readonly Partial<AlertSpec>[]) => some.map((each) => spec(each));
const pendingOf = (some: readonly Partial<AlertSpec>[]) => some.map((each) => pendingAlert(each));

describe('a smaller sheet', () => {
  const reasonFor = (decision: SyncDecision) => (decision.kind === 'refuse' ? decision.reason : 'applied');

  test.each<[gone: number, pending: number, expected: string]>([
    [1, 2, 'applied'],
    [5, 6, 'applied'],
    [5, 10, 'applied'],
    [6, 10, 'the rows of 6 of 10 pending alerts are gone at once, more than 5'],
    [6, 25, 'the rows of 6 of 25 pending alerts are gone at once, more than 5'],
    [6, 29, 'the rows of 6 of 29 pending alerts are gone at once, more than 5'],
    [6, 30, 'applied'],
    [7, 35, 'applied'],
    [20, 100, 'applied'],
    [21, 100, 'the rows of 21 of 100 pending alerts are gone at once, more than 20'],
    [21, 104, 'the rows of 21 of 104 pending alerts are gone at once, more than 20'],
    [21, 105, 'applied'],
  ])('that lacks %i of %i pending alerts: %s', (gone, pending, expected) => {
    const all = numbered(pending);
    const decision = plan(rowsOf(all.slice(gone)), pendingOf(all));
    expect(reasonFor(decision)).toBe(expected);
    if (decision.kind === 'apply') expect(decision.plan.change).toHaveLength(gone);
  });

  test.each([
    { pending: 1, expected: 'the sheet has no rows, but 1 alert is pending' },
    { pending: 2, expected: 'the sheet has no rows, but 2 alerts are pending' },
  ])('without rows is refused while $pending pending', ({ pending, expected }) =>
    expect(plan([], pendingOf(numbered(pending)))).toEqual({
      kind: 'refuse',
      reason: expected,
      refusal: { fingerprint: fingerprint([]), times: 1 },
    }),
  );

  test('without rows is refused for a paused alert as well', () => {
    expect(plan([], [pendingAlert(paused)]).kind).toBe('refuse');
  });

  test('without rows is nothing to refuse where nothing is pending', () => {
    expect(plan([], [])).toEqual(apply({}));
    expect(plan([], [notifyingAlert(), expiredAlert({ id: 'gone' })])).toEqual(apply({}));
  });

  test('that lacks only rows that have fired is never refused', () => {
    const fired = numbered(50).map((each) => triggeredAlert(each));
    const expired = { change: fired.map((previous) => ({ previous, next: expiredNow(previous) })) };
    expect(plan([], fired)).toEqual(apply(expired));
    expect(plan([spec()], [...fired, pendingAlert()])).toEqual(apply(expired));
  });

  test('counts neither fired alerts nor new rows as rows of pending ones', () => {
    const all = numbered(10);
    const fired = numbered(90, 10).map((each) => triggeredAlert(each));
    const fresh = rowsOf(numbered(90, 100));
    const decision = plan([...rowsOf(all.slice(6)), ...fresh], [...pendingOf(all), ...fired]);
    expect(reasonFor(decision)).toBe('the rows of 6 of 10 pending alerts are gone at once, more than 5');
  });

  test('does not count what may stand in an unreadable row', () => {
    const all = numbered(10);
    const errors = all.slice(0, 6).map(({ symbol }) => badRow(symbol));
    expect(plan(rowsOf(all.slice(6)), pendingOf(all), errors)).toEqual(apply({}));
    expect(plan([], pendingOf(all), [badRow(undefined)])).toEqual(apply({}));
  });

  test('writes nothing at all when it is refused, new rows included', () => {
    const all = numbered(10);
    expect(plan([...rowsOf(all.slice(6)), spec()], pendingOf(all))).toEqual({
      kind: 'refuse',
      reason: 'the rows of 6 of 10 pending alerts are gone at once, more than 5',
      refusal: { fingerprint: fingerprint([...all.slice(6).map(({ id }) => id), 'btc-95k']), times: 1 },
    });
  });
});

describe('the same smaller sheet', () => {
  const all = numbered(10);
  const stored = pendingOf(all);
  /** What each run after another decides, of sheets that hold only the alerts from `from` on. */
  function decisions(runs: readonly number[], isReversed = false): string[] {
    let refused: Refusal | undefined;
    return runs.map((from) => {
      const rows = rowsOf(all.slice(from));
      const decision = planSync(sheetOf(isReversed ? rows.toReversed() : rows), stored, refused, now);
      refused = decision.kind === 'refuse' ? decision.refusal : undefined;
      isReversed = !isReversed;
      return decision.kind === 'refuse' ? `refused ${decision.refusal.times}` : `${decision.plan.change.length} gone`;
    });
  }

  test.each<[name: string, runs: number[], expected: string]>([
    ['three runs in a row is believed', [6, 6, 6], 'refused 1, refused 2, 6 gone'],
    ['is believed when it is empty', [10, 10, 10], 'refused 1, refused 2, 10 gone'],
    [
      'starts again after a different smaller sheet',
      [6, 6, 7, 7, 7],
      'refused 1, refused 2, refused 1, refused 2, 7 gone',
    ],
    [
      'is never believed while it goes on changing',
      [6, 7, 6, 7, 6],
      'refused 1, refused 1, refused 1, refused 1, refused 1',
    ],
    ['starts again after the whole sheet', [6, 6, 0, 6], 'refused 1, refused 2, 0 gone, refused 1'],
  ])('%s', (_, runs, expected) => expect(decisions(runs).join(', ')).toBe(expected));

  test('is the same in any order', () => {
    expect(decisions([6, 6, 6], true)).toEqual(['refused 1', 'refused 2', '6 gone']);
  });

  test('that has grown in the meantime is believed at once when it no longer lacks too much', () => {
    expect(decisions([6, 5])).toEqual(['refused 1', '5 gone']);
  });
});

describe('for any sheet and any table', () => {
  const statuses = ['pending', 'triggered', 'expired', 'notifying'] as const;
  const prices = ['1', '2', '2.0', '3'];
  const anyContent = fc.record({
    user: fc.constantFrom('anna', 'dmitry'),
    exchange: fc.constantFrom('binance' as const, undefined),
    symbol: fc.constantFrom('BTCUSDT', 'ETHUSDT', 'SOLUSDT'),
    condition: fc.constantFrom(...prices.flatMap((target) => [above(target), below(target)])),
    active: fc.boolean(),
    name: fc.constantFrom('', 'x'),
  });
  const anySpec = fc
    .tuple(anyContent, fc.constantFrom(undefined, 'one', 'two', 'three'))
    .map(([content, id]) => spec({ ...content, id: id ?? alertIdentity(content) }));
  const anyAlertSpecs = fc.uniqueArray(anySpec, { selector: ({ id }) => id, maxLength: 12 });
  const anyAlert = fc
    .tuple(
      anySpec,
      fc.constantFrom(...statuses),
      fc.constantFrom('pending' as const, 'triggered' as const),
      fc.constantFrom(1, 2 * slipMs),
    )
    .map(([asked, status, statusBefore, agoMs]): Alert => {
      if (status === 'expired') return expiredAlert({ ...asked, statusBefore, expiredAt: now - agoMs });
      if (status === 'notifying') return notifyingAlert(asked);
      return status === 'pending' ? pendingAlert(asked) : triggeredAlert(asked);
    });
  const anyAlerts = fc.uniqueArray(anyAlert, { selector: ({ id }) => id, maxLength: 20 });
  const anyErrors = fc.array(fc.constantFrom(badRow('BTCUSDT'), badRow(undefined)), { maxLength: 1 });
  const anyCase = fc.tuple(anyAlertSpecs, anyAlerts, anyErrors);

  /** As the table holds them after the plan. */
  function applied(stored: readonly Alert[], { create, change }: SyncPlan): Alert[] {
    const alerts = new Map(stored.map((alert) => [alert.id, alert]));
    for (const each of create) alerts.set(each.id, newAlert(each, now));
    for (const { next } of change) alerts.set(next.id, next);
    return [...alerts.values()];
  }

  const believed = (sheet: SheetRows, stored: readonly Alert[]): SyncPlan => {
    const refused = { fingerprint: fingerprint(sheet.specs.map(({ id }) => id)), times: 2 };
    const decision = planSync(sheet, stored, refused, now);
    if (decision.kind === 'refuse') throw new Error(decision.reason);
    return decision.plan;
  };

  test('a plan that was carried out leaves nothing to do', () => {
    fc.assert(
      fc.property(anyCase, ([rows, stored, errors]) => {
        const sheet = sheetOf(rows, errors);
        const after = applied(stored, believed(sheet, stored));
        expect(planSync(sheet, after, undefined, now + 60_000)).toEqual(apply({}));
      }),
      { numRuns: 500 },
    );
  });

  test('the alerts are what the rows say, whatever they were before', () => {
    fc.assert(
      fc.property(anyCase, ([rows, stored, errors]) => {
        const after = new Map(
          applied(stored, believed(sheetOf(rows, errors), stored)).map((alert) => [alert.id, alert]),
        );
        for (const row of rows) {
          const alert = after.get(row.id);
          expect(alert?.status).not.toBe('expired');
          if (alert?.status !== 'notifying') expect(alert).toMatchObject(row);
        }
        for (const before of stored) {
          if (before.status === 'notifying') expect(after.get(before.id)).toBe(before);
        }
        const wanted = new Set(rows.map(({ id }) => id));
        const left = [...after.values()].filter(({ id, status }) => !wanted.has(id) && status !== 'notifying');
        if (errors.length === 0) expect(left.every(({ status }) => status === 'expired')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the order of rows and alerts changes nothing', () => {
    const shuffle = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
    const shuffled = anyCase.chain(([rows, stored, errors]) =>
      fc.tuple(fc.constant({ rows, stored, errors }), shuffle(rows), shuffle(stored)),
    );
    const inAnyOrder = (decision: SyncDecision) =>
      decision.kind === 'refuse'
        ? decision
        : {
            create: new Map(decision.plan.create.map((alert) => [alert.id, alert])),
            change: new Map(decision.plan.change.map((change) => [change.next.id, change])),
          };
    fc.assert(
      fc.property(shuffled, ([{ rows, stored, errors }, otherRows, otherStored]) => {
        expect(inAnyOrder(plan(otherRows, otherStored, errors))).toEqual(inAnyOrder(plan(rows, stored, errors)));
      }),
      { numRuns: 500 },
    );
  });

  test('nothing is armed from an instant before it was asked for, and nothing fired is armed by standing still', () => {
    fc.assert(
      fc.property(anyCase, ([rows, stored, errors]) => {
        const { create, change } = believed(sheetOf(rows, errors), stored);
        const listed = new Set(stored.map(({ id }) => id));
        for (const { id } of create) expect(listed.has(id)).toBe(false);
        for (const { previous, next } of change) {
          if (next.status !== 'pending') continue;
          const keepsItsWindow = previous.status === 'pending' && next.armedAt === previous.armedAt;
          expect(keepsItsWindow || next.armedAt === now).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
