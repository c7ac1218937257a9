import { describe, expect, test } from '@jest/globals';
import { alertRecords, shownAlerts } from '../../src/cli/alert-list.js';
import { at, below, pendingAlert } from '../support/builders.js';

const lines = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/));

const seen = { now: at('12:05'), timeZone: 'Europe/Berlin' };

describe('the list', () => {
  test('shows of an old sheet what it always showed', () =>
    expect(lines(shownAlerts([pendingAlert()], seen))).toEqual([
      ['STATUS', 'ALERT', 'EXCHANGE', 'USER', 'NAME', 'WHERE IT STANDS'],
      ['pending', 'BTCUSDT above 95000', 'binance', 'dmitry', 'Breakout', 'armed since 2026-11-20 12:00:00 UTC'],
    ]));

  test('shows a column that some alert fills', () => {
    const repeat = { text: '1h', afterMs: 3_600_000, back: undefined };
    const expires = { text: '30d', at: at('12:00') };
    const alerts = [
      pendingAlert({ repeat, expires, priority: 'high', name: '' }),
      pendingAlert({ symbol: 'ETHUSDT', name: '', condition: below('2500'), exchange: undefined }),
    ];
    expect(lines(shownAlerts(alerts, seen)).slice(0, 2)).toEqual([
      ['STATUS', 'ALERT', 'EXCHANGE', 'USER', 'REPEAT', 'EXPIRES', 'PRIORITY', 'WHERE IT STANDS'],
      [
        ...['pending', 'BTCUSDT above 95000', 'binance', 'dmitry', '1h', '2026-11-20 12:00 UTC', 'high'],
        'armed since 2026-11-20 12:00:00 UTC',
      ],
    ]);
  });

  test.each([
    { armedAt: '12:50', stands: 'waits until 13:50 GMT+1, repeat 1h, fired 2026-11-20 12:05:00 UTC' },
    { armedAt: '12:04', stands: 'armed since 2026-11-20 12:04:00 UTC, fired 2026-11-20 12:05:00 UTC' },
  ])('shows where an alert that repeats stands: $stands', ({ armedAt, stands }) => {
    const repeat = { text: '1h', afterMs: 3_600_000, back: undefined };
    const fired = { triggeredCount: 1, triggeredAt: at('12:05') };
    const alert = pendingAlert({ repeat, armedAt: at(armedAt), ...fired });
    expect(lines(shownAlerts([alert], seen))[1]?.at(-1)).toBe(stands);
  });

  test('is for programs a record of every field', () =>
    expect(alertRecords([pendingAlert({ exchange: undefined })], seen)).toEqual([
      {
        ...{ id: 'btc-95k', status: 'pending', symbol: 'BTCUSDT', condition: 'above', targetPrice: '95000' },
        ...{ user: 'dmitry', exchange: null, active: true, repeat: null, expires: null, expiresAt: null },
        ...{ priority: 'normal', notify: [], name: 'Breakout', notes: 'sell half' },
        ...{ armedAt: '2026-11-20T12:00:00.000Z', triggeredAt: null, triggeredCount: 0 },
        standing: 'armed since 2026-11-20 12:00:00 UTC',
      },
    ]));
});
