import { describe, expect, test } from '@jest/globals';
import { Big } from 'big.js';
import type { NotifyingAlert } from '../../src/domain/alert.js';
import type { Due } from '../../src/domain/delivery/digest.js';
import { type DigestSending, digestWriter } from '../../src/domain/digest-message.js';
import { above, at, below, delivery, notifyingAlert, trigger } from '../support/builders.js';

const sending = { now: at('12:06'), timeZone: 'UTC', isQuiet: false };
const digestNotification = (dues: readonly Due[], how: DigestSending) => digestWriter(how)(dues, 12);
const due = (overrides: Partial<Omit<NotifyingAlert, 'status'>> = {}, isPossibleRepeat = false): Due => ({
  alert: notifyingAlert(overrides),
  isPossibleRepeat,
});
const linesOf = (...dues: Due[]) => digestNotification(dues, sending).lines;

describe('a line of a digest', () => {
  const told = 'Breakout: BTCUSDT above 95000, 95180.00 at 12:04';
  const always = { text: 'always', afterMs: 0, back: undefined };

  test.each<{ name: string; alert: Partial<Omit<NotifyingAlert, 'status'>>; repeat?: true; line: string }>([
    { name: 'says the name, what was asked, how far the price went, and when', alert: {}, line: told },
    { name: 'has no name where there is none', alert: { name: '' }, line: told.slice('Breakout: '.length) },
    {
      name: 'cuts the name, which may hold line breaks, and no price',
      alert: { name: 'Resistance\nof the whole year', condition: below('0.000000012345') },
      line: 'Resistance …: BTCUSDT below 0.000000012345, 95180.00 at 12:04',
    },
    { name: 'says that it may be a repeat', alert: {}, repeat: true, line: `${told} (possible repeat)` },
    {
      name: 'says the day of an old touch',
      alert: { delivery: delivery({ trigger: trigger({ touchedAt: at('12:04') - 24 * 60 * 60_000 }) }) },
      line: 'Breakout: BTCUSDT above 95000, 95180.00 at 2026-11-19 12:04',
    },
    {
      name: 'says where the price was seen, if not on the exchange that the row names',
      alert: {
        delivery: delivery({ trigger: trigger({ market: { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' } }) }),
      },
      line: `${told} on bybit`,
    },
    {
      name: 'says that this was the fire that pauses',
      alert: { repeat: always, recentFires: Array(15).fill(at('12:04')) },
      repeat: true,
      line: `${told} (paused) (possible repeat)`,
    },
  ])('$name', ({ alert, repeat, line }) =>
    expect(linesOf(due(alert, repeat), due())).toEqual(expect.arrayContaining([line, told])),
  );

  test('that tells of a pause is explained once', () => {
    const pausing = due({ repeat: always, recentFires: Array(15).fill(at('12:04')) });
    expect(linesOf(pausing, due(), pausing).slice(3)).toEqual([
      'Paused: fired fifteen times within an hour; set active of that row to FALSE, then TRUE, to go on.',
    ]);
  });
});

describe('a digest', () => {
  const fired = (fireId: string, more: Partial<Omit<NotifyingAlert, 'status'>> = {}, isPossibleRepeat = false) =>
    due({ ...more, delivery: delivery({ fireId }) }, isPossibleRepeat);

  test('says how many, and in which zone its times are', () => {
    const { title, lines } = digestNotification([due(), due()], { ...sending, timeZone: 'Europe/Berlin' });
    expect(title).toBe('2 more alerts fired (times in Europe/Berlin)');
    expect(lines[0]).toContain(' at 13:04');
  });

  test('of the same alerts has the same id, at a repeat and in any order; of others another', () => {
    const idOf = (...dues: Due[]) => digestNotification(dues, sending).id;
    expect(idOf(fired('b', {}, true), fired('a'))).toBe(idOf(fired('a'), fired('b')));
    expect(idOf(fired('a'), fired('b'), fired('c'))).not.toBe(idOf(fired('a'), fired('b')));
  });

  test('has the highest priority of its alerts, and with it rings in quiet hours or not', () => {
    const quiet = { ...sending, isQuiet: true };
    const [low, normal, high] = (['low', 'normal', 'high'] as const).map((priority) => due({ priority })) as [
      Due,
      Due,
      Due,
    ];
    expect(digestNotification([low, normal], quiet)).toMatchObject({ priority: 'normal', isSilent: true });
    expect(digestNotification([normal, high], quiet)).toMatchObject({ priority: 'high', isSilent: false });
    expect(digestNotification([low, normal], sending)).toMatchObject({ priority: 'normal', isSilent: false });
  });

  test('has a direction where all of its alerts have the same', () => {
    const up = due({ condition: above('1') });
    const down = due({ condition: below('1') });
    const wide = due({
      condition: { kind: 'outside', target: { text: '1..2', low: new Big(1), high: new Big(2) } } as never,
    });
    expect(
      [
        [up, up],
        [up, down],
        [wide, wide],
      ].map((dues) => digestNotification(dues, sending).direction),
    ).toEqual(['up', undefined, undefined]);
  });

  test('gives programs the facts of each alert, with the id of its own message', () => {
    const { facts } = digestNotification([fired('a', { notes: 'sell half' }), fired('b', {}, true)], sending);
    expect(facts).toMatchObject({
      alerts: [
        { id: 'a', alertId: 'btc-95k', price: '95180.00000000', notes: 'sell half', isPossibleRepeat: false },
        { id: 'b', isPossibleRepeat: true },
      ],
    });
  });
});
