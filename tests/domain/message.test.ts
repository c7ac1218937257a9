import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AlertSpec } from '../../src/domain/alert.js';
import type { ConditionName } from '../../src/domain/conditions/registry.js';
import { notificationFor, shownTime } from '../../src/domain/message.js';
import { price } from '../../src/domain/price.js';
import { above, at, below, spec, trigger } from '../support/builders.js';
import { condition } from '../support/conditions.js';
import { messageFor } from '../support/message.js';

const sending = { isPossibleRepeat: false, now: at('12:06') };
/** Half of a character beyond the basic plane. */
const halfCharacter = /\p{Surrogate}/u;
const dayMs = 24 * 60 * 60 * 1000;

describe('a message', () => {
  test('says what was asked, when and how far it was touched, where the price is, on which market, and the notes', () => {
    expect(messageFor(spec(), trigger(), sending)).toEqual({
      user: 'dmitry',
      title: 'Breakout: BTCUSDT above 95000',
      text: 'touched 95180.00 at 12:04 UTC, now 95010.50\nbinance:BTCUSDT\nsell half',
      timestamp: at('12:04') / 1000,
    });
  });

  test.each([
    { name: '', notes: '', title: 'BTCUSDT above 95000', lines: 2 },
    { name: 'Breakout', notes: '', title: 'Breakout: BTCUSDT above 95000', lines: 2 },
    { name: '', notes: 'a\nb', title: 'BTCUSDT above 95000', lines: 4 },
  ])('without name "$name" or notes "$notes" has no empty line for them', ({ name, notes, title, lines }) => {
    const message = messageFor(spec({ name, notes }), trigger(), sending);
    expect(message.title).toBe(title);
    expect(message.text.split('\n')).toHaveLength(lines);
    expect(message.text).not.toContain('\n\n');
  });

  test.each([
    ['touched 95000 at 12:04 UTC, 5 % below 100000 at 11:30 UTC, now 95010.50', '95000', '100000'],
    ['touched 103.339 at 12:04 UTC, 3.33 % above 100 at 11:30 UTC, now 95010.50', '103.339', '100'],
  ])('says what a rise or a fall is measured from: %s', (text, reached, from) => {
    const measured = trigger({ price: reached, reference: { price: from, at: at('11:30') } });
    expect(messageFor(spec({ notes: '' }), measured, sending).text).toBe(`${text}\nbinance:BTCUSDT`);
  });

  test.each<{ way: 'up' | 'down' | undefined; names: readonly ConditionName[] }>([
    { way: 'up', names: ['above', 'crosses up', 'rises', 'rises from low'] },
    { way: 'down', names: ['below', 'crosses down', 'falls', 'falls from high'] },
    { way: undefined, names: ['crosses', 'inside', 'outside', 'enters', 'leaves', 'moves'] },
  ])('points $way for $names', ({ way, names }) => {
    const alerts = names.map((name) => spec({ condition: condition(name) }));
    const directionOf = (alert: AlertSpec) => notificationFor(alert, 'fire-1', trigger(), sending).direction;
    expect(alerts.map(directionOf)).toEqual(names.map(() => way));
  });

  test("keeps the trader's own digits", () => {
    const { title } = messageFor(spec({ name: '', condition: below('95000.10') }), trigger(), sending);
    expect(title).toBe('BTCUSDT below 95000.10');
  });

  test('names the exchange that gave the price in place of the one that was asked', () => {
    const elsewhere = trigger({ market: { exchange: 'coinbase', kind: 'spot', symbol: 'BTC-USDT' } });
    expect(messageFor(spec({ notes: '' }), elsewhere, sending).text).toBe(
      'touched 95180.00 at 12:04 UTC, now 95010.50\ncoinbase:BTC-USDT (binance gave no price)',
    );
  });

  test('blames no exchange where the row names none', () => {
    const elsewhere = trigger({ market: { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' } });
    expect(messageFor(spec({ exchange: undefined, notes: '' }), elsewhere, sending).text).toBe(
      'touched 95180.00 at 12:04 UTC, now 95010.50\nbybit:BTCUSDT',
    );
  });

  test('warns of a possible repeat, and changes nothing else', () => {
    const first = messageFor(spec(), trigger(), sending);
    expect(messageFor(spec(), trigger(), { ...sending, isPossibleRepeat: true })).toEqual({
      ...first,
      text: `Possible repeat: it is not known whether an earlier push arrived.\n${first.text}`,
    });
  });

  test.each([
    ['within the run', at('12:07:59.999'), 'touched 95180.00 at 12:04 UTC, now 95010.50'],
    ['a lease later', at('12:08'), 'touched 95180.00 at 12:04 UTC, last price 95010.50 at 12:05 UTC'],
    [
      'the next day',
      at('12:05') + dayMs,
      'touched 95180.00 at 2026-11-20 12:04 UTC, last price 95010.50 at 2026-11-20 12:05 UTC',
    ],
  ])('sent %s tells the age of its prices', (_, now, text) =>
    expect(messageFor(spec({ notes: '' }), trigger(), { ...sending, now }).text).toBe(`${text}\nbinance:BTCUSDT`),
  );

  test.each([
    ['Europe/Berlin', at('12:05'), 'touched 95180.00 at 13:04 GMT+1, now 95010.50'],
    ['America/New_York', at('12:05'), 'touched 95180.00 at 07:04 EST, now 95010.50'],
    ['Australia/Lord_Howe', at('12:08'), 'touched 95180.00 at 23:04 GMT+11, last price 95010.50 at 23:05 GMT+11'],
    // 13:00 UTC is midnight there, and the next day.
    [
      'Australia/Lord_Howe',
      at('13:00'),
      'touched 95180.00 at 2026-11-20 23:04 GMT+11, last price 95010.50 at 2026-11-20 23:05 GMT+11',
    ],
    ['UTC', at('12:05'), 'touched 95180.00 at 12:04 UTC, now 95010.50'],
  ])('tells the times and the day as the clocks of %s show them', (timeZone, now, text) =>
    expect(messageFor(spec({ notes: '' }), trigger(), { ...sending, now, timeZone }).text).toBe(
      `${text}\nbinance:BTCUSDT`,
    ),
  );

  test('carries the touch as its own time, in whole seconds', () => {
    const { timestamp } = messageFor(spec(), trigger({ touchedAt: at('12:04:59.999') }), sending);
    expect(timestamp).toBe(at('12:04:59') / 1000);
  });
});

describe('a time', () => {
  const midnight = Date.UTC(2026, 10, 21);
  test.each([
    ['today', '14:03 UTC', at('14:03:59.999'), at('23:59:59.999')],
    ['before ten', '00:00 UTC', at('00:00'), at('09:09')],
    ['the minute before midnight', '2026-11-20 23:59 UTC', midnight - 1, midnight],
    ['tomorrow', '2026-11-21 00:00 UTC', midnight, midnight - 1],
    ['the same day a year ago', '2025-11-20 00:00 UTC', midnight - 366 * dayMs, midnight - dayMs],
  ])('%s is shown as %s', (_, expected, instant, now) => expect(shownTime(instant, now)).toBe(expected));
});

describe('the limits of the narrowest channel', () => {
  test.each(['n', '🚀', 'a🚀'.repeat(2)])(
    'cut endless names and notes of %s with a sign, and never a price',
    (filler) => {
      const endless = spec({ name: `a${filler.repeat(5000)}`, notes: `a${filler.repeat(5000)}` });
      const { title, text } = messageFor(endless, trigger(), sending);
      // Half an emoji is left out rather than sent, so one unit may stay unused.
      expect([249, 250]).toContain(title.length);
      expect([1023, 1024]).toContain(text.length);
      expect(title + text).not.toMatch(halfCharacter);
      expect(title).toMatch(/…: BTCUSDT above 95000$/);
      expect(text).toMatch(/^touched 95180\.00 at 12:04 UTC, now 95010\.50\nbinance:BTCUSDT\na.*…$/s);
    },
  );

  test('leave a message of just that length whole', () => {
    const room = 250 - ': BTCUSDT above 95000'.length;
    const titleFor = (name: string) => messageFor(spec({ name }), trigger(), sending).title;
    expect(titleFor('n'.repeat(room))).toBe(`${'n'.repeat(room)}: BTCUSDT above 95000`);
    expect(titleFor('n'.repeat(room + 1))).toBe(`${'n'.repeat(room - 1)}…: BTCUSDT above 95000`);
  });

  test('hold even for a symbol that no row could bring', () => {
    const { title } = messageFor(spec({ symbol: 'X'.repeat(300) }), trigger(), sending);
    expect(title).toBe(`${'X'.repeat(249)}…`);
  });

  test('hold for whatever stands in the cells, and no character is halved', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 1200, size: 'max' });
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.boolean(),
        fc.stringMatching(/^[1-9]\d{0,59}$/),
        (name, notes, isPossibleRepeat, target) => {
          const alert = spec({ name, notes, condition: above(target), symbol: 'X'.repeat(40) });
          const message = messageFor(alert, trigger({ price: target, lastPrice: price(target).text }), {
            ...sending,
            isPossibleRepeat,
          });
          expect(message.title.length).toBeLessThanOrEqual(250);
          expect(message.text.length).toBeLessThanOrEqual(1024);
          expect(message.title + message.text).not.toMatch(halfCharacter);
          expect(message.title.endsWith(` above ${target}`)).toBe(true);
          expect(message.text).toContain(`touched ${target} at 12:04 UTC, now ${target}`);
        },
      ),
      // Making texts of this length smaller step by step would take minutes.
      { endOnFailure: true },
    );
  });
});
