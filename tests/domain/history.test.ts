import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import {
  changeRecord,
  deliveredAt,
  fireRecord,
  historyId,
  mergedOutcomes,
  type RecordedOutcome,
} from '../../src/domain/history.js';
import { price } from '../../src/domain/price.js';
import { at, delivery, expiredAlert, notifyingAlert, pendingAlert, trigger } from '../support/builders.js';

const accepted = (channel: string, time = '12:06'): RecordedOutcome => ({ channel, outcome: 'accepted', at: at(time) });
const refused = (channel: string): RecordedOutcome => ({ channel, outcome: 'refused', detail: 'no such user' });

test('a fire is known by its claim, and says who accepted', () => {
  const fire = fireRecord(
    notifyingAlert({
      delivery: delivery({
        channels: [
          { channel: 'pushover', state: 'accepted', at: at('12:06'), receipt: 'secret-receipt' },
          { channel: 'slack', state: 'given-up', lastError: 'HTTP 500' },
        ],
      }),
    }),
  );
  expect(historyId(fire)).toBe('2026-11-20T12:05:00.000Z#fire-1');
  expect(fire).toEqual({
    kind: 'fired',
    at: at('12:05'),
    fireId: 'fire-1',
    alert: { id: 'btc-95k', user: 'dmitry', name: 'Breakout', symbol: 'BTCUSDT', condition: 'above', target: '95000' },
    trigger: trigger(),
    channels: [accepted('pushover'), { channel: 'slack', outcome: 'given-up', detail: 'HTTP 500' }],
  });
  expect(deliveredAt(fire)).toBe(at('12:06'));
});

describe('what two runs say of a fire', () => {
  test.each<[what: string, before: RecordedOutcome, after: RecordedOutcome, merged: RecordedOutcome]>([
    ['what was accepted stays so', accepted('pushover'), refused('pushover'), accepted('pushover')],
    ['what is accepted since counts', refused('pushover'), accepted('pushover'), accepted('pushover')],
    [
      'an acknowledgement stays',
      { ...accepted('pushover'), acknowledgedAt: at('12:07') } as RecordedOutcome,
      accepted('pushover', '12:09'),
      { ...accepted('pushover', '12:09'), acknowledgedAt: at('12:07') } as RecordedOutcome,
    ],
  ])('%s', (_, before, after, merged) => {
    expect(mergedOutcomes([before, refused('slack')], [after])).toEqual([merged, refused('slack')]);
  });
});

describe('a change of a row', () => {
  const before = pendingAlert();
  const paused = pendingAlert({ active: false });
  const later = at('12:30');
  test.each<[what: string, previous: Alert, next: Alert, kind: string, fields: readonly string[]]>([
    ['other notes', before, pendingAlert({ notes: 'sell all' }), 'changed', ['notes']],
    ['FALSE', before, paused, 'paused', ['active']],
    ['TRUE', paused, pendingAlert({ armedAt: later }), 'armed again', ['active']],
    [
      'another price behind an id',
      before,
      { ...pendingAlert({ armedAt: later }), condition: { kind: 'above', target: price('96000') } },
      'armed again',
      ['condition'],
    ],
    [
      'another price, paused',
      paused,
      { ...pendingAlert({ armedAt: later, active: false }), condition: { kind: 'above', target: price('96000') } },
      'changed',
      ['condition'],
    ],
    ['a row that is gone', before, expiredAlert(), 'expired', []],
    ['a row that is back', expiredAlert(), pendingAlert({ armedAt: later }), 'armed again', []],
  ])('%s', (_, previous, next, kind, fields) => {
    const record = changeRecord(previous, next, later);
    expect(record).toMatchObject({ kind, fields, at: later });
    expect(historyId(record)).toBe(`2026-11-20T12:30:00.000Z#btc-95k#${kind}`);
  });
});
