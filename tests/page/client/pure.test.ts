import { describe, expect, test } from '@jest/globals';
import { movedTarget } from '../../../src/page/client/chart/moved-target.js';
import { keyStep, precisionOf, roundedText, roundStep } from '../../../src/page/client/chart/steps.js';
import { conditionIn, firesAtOnce, problemsOf } from '../../../src/page/client/form-check.js';
import { type Asked, chosen, listed } from '../../../src/page/client/listing.js';
import { readRoute } from '../../../src/page/client/route.js';
import {
  grouped,
  groupedWithin,
  pricesByMarket,
  shownDay,
  shownDistance,
  shownWait,
  stateRest,
  zonedInstant,
  zonedTime,
} from '../../../src/page/client/shown.js';
import { alertView, firstState } from '../../support/page-state.js';

test.each([
  ['95180.01000000', '95,180.01'],
  ['1234567', '1,234,567'],
  ['0.00002104', '0.00002104'],
])('the price %s is shown as %s', (text, expected) => expect(grouped(text)).toBe(expected));

test.each([
  ['93800..95900', '93,800..95,900'],
  ['0.4125', '0.4125'],
  ['500 in 15m', '500 in 15m'],
])('the target %s is shown as %s', (text, expected) => expect(groupedWithin(text)).toBe(expected));

test.each([
  [0.7565, '+0.76 %'],
  [-12.34, '−12.3 %'],
  [0.001, '0.00 %'],
])('a distance of %d is shown as %s', (percent, expected) => expect(shownDistance(percent)).toBe(expected));

test.each([
  [125 * 60_000, '2 h 5 min'],
  [3_600_000, '1 h'],
  [-1, 'less than a minute'],
])('a wait of %d ms is shown as %s', (ms, expected) => expect(shownWait(ms)).toBe(expected));

test('times are told with the zone of their day', () => {
  const summer = Date.parse('2026-07-01T12:04:05Z');
  expect([zonedInstant(summer, 'Europe/Berlin'), zonedTime(summer, 'UTC'), shownDay(summer, 'UTC')]).toEqual([
    '1 Jul 14:04:05 GMT+2',
    '12:04:05 UTC',
    'Wednesday 1 July 2026',
  ]);
});

test('a state says beyond its name only what its text adds', () => {
  expect(stateRest({ state: 'waits', stateText: 'waits until 13:05 UTC' })).toBe('until 13:05 UTC');
  expect(stateRest({ state: 'armed', stateText: 'armed' })).toBe('');
  expect(stateRest({ state: 'armed', stateText: 'no price' })).toBe('no price');
});

test.each([
  ['#/alert/btc%20a', { screen: 'alert', id: 'btc a' }],
  ['#/new?symbol=BTCUSDT&price=5', { screen: 'new', cells: { symbol: 'BTCUSDT', price: '5' } }],
  [
    '#/market/binance/spot/BTCUSDT',
    { screen: 'market', market: { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } },
  ],
  ['#/market/binance/futures/BTCUSDT', { screen: 'alerts' }],
  ['#/alert/%', { screen: 'alert', id: '%' }],
  ['', { screen: 'alerts' }],
])('%s leads to its screen', (hash, route) => expect(readRoute(hash)).toEqual(route));

describe('the list', () => {
  const { alerts, prices } = firstState();
  const all = listed(alerts, pricesByMarket(prices));
  const ids = (asked: Partial<Asked>) =>
    chosen(all, { text: '', state: undefined, sort: 'distance', isDescending: false, ...asked }).map(
      ({ alert }) => alert.id,
    );

  test.each<[string, Partial<Asked>, string[]]>([
    ['words of any column, in any order', { text: 'above btc' }, ['btc']],
    ['a number as it is shown', { text: '96,500' }, ['btc']],
    ['a state', { state: 'paused' }, ['btc-low']],
    ['notes', { text: 'small one' }, ['pepe']],
    ['nothing', { text: 'xyz' }, []],
  ])('is filtered by %s', (_, asked, expected) => expect(ids(asked)).toEqual(expected));

  test('the nearest stand first, then what nothing watches, then what has no price', () => {
    const nearest = ['doge', 'btc-band', 'eth', 'btc-trail', 'btc', 'pepe', 'sol', 'btc-low', 'xrp', 'ada'];
    expect(ids({})).toEqual(nearest);
    expect(ids({ isDescending: true })).toEqual([
      'pepe',
      'btc',
      'btc-trail',
      'eth',
      'btc-band',
      'doge',
      'xrp',
      'btc-low',
      'sol',
      'ada',
    ]);
  });

  test('one symbol stands in the order of its targets', () => {
    expect(ids({ sort: 'alert', text: 'btc' })).toEqual(['btc-band', 'btc-low', 'btc-trail', 'btc']);
  });
});

describe('a line', () => {
  test('is moved by round steps that fit the market', () => {
    expect([precisionOf(['95180.01000000', '95170.5']), precisionOf(['0.00002104']), precisionOf(['95'])]).toEqual([
      2, 8, 0,
    ]);
    expect([roundStep(7.3, 2), roundStep(0.0042, 2), roundStep(0.13, 4)]).toEqual([5, 0.01, 0.1]);
    expect([keyStep(95_000, 2), keyStep(0.00002104, 8)]).toEqual([50, 0.00000002]);
    expect([roundedText(95_123.37, 5, 2), roundedText(0.000021049, 1e-8, 8), roundedText(-5, 1, 2)]).toEqual([
      '95125',
      '0.00002105',
      '1',
    ]);
  });

  test('of a band takes its bound along, over the other one too', () => {
    const band = alertView('band', 'BTCUSDT inside 90000..95000');
    expect(movedTarget(band, 1, '96000')).toBe('90000..96000');
    expect(movedTarget(band, 0, '97000')).toBe('95000..97000');
    expect(movedTarget(alertView('level', 'BTCUSDT above 95000'), 0, '96000')).toBe('96000');
  });

  test.each([
    ['above', '95000', true],
    ['above', '96000', false],
    ['below', '96000', true],
    ['inside', '94000..96000', true],
    ['outside', '94000..96000', false],
    ['crosses', '95000', false],
    ['crosses up', '95000', false],
    ['rises', '5% in 1h', false],
    ['falls from high', '3%', false],
    ['funding above', '0.05%', false],
    ['above', 'nonsense', false],
  ])('%s %s with the last price 95100 fires at once: %s', (condition, target, expected) =>
    expect(firesAtOnce(conditionIn(condition, target), '95100')).toBe(expected),
  );
});

test("every cell of the form has the sheet's own sentence, or none", () => {
  const cells = {
    symbol: '12',
    condition: 'above',
    price: '95,000',
    exchange: '',
    user: 'nobody',
    repeat: 'never',
    expires: '',
    priority: '',
    notify: 'fax',
    name: '',
    notes: '',
  };
  expect(problemsOf(cells, firstState(), true)).toEqual({
    symbol: 'symbol: expected the exchange\'s own spelling, such as BTCUSDT or BTC-USD, got "12"',
    price: 'price: expected a plain number, got "95,000"; write 95000 or 95.000',
    user: expect.stringMatching(/^user_id: no channel in the secret for "nobody"/),
    repeat: expect.stringMatching(/^repeat: expected 1h, always, back/),
    notify: 'notify: expected some of pushover, telegram or a blank cell, got "fax"',
  });
  expect(
    problemsOf(
      { ...cells, symbol: 'BTCUSDT', price: '5', user: 'default', repeat: '', notify: 'telegram' },
      firstState(),
      true,
    ),
  ).toEqual({
    notify: expect.stringMatching(/^notify: the secret has no key of default for telegram, but for pushover/),
  });
  const { channels: _, ...without } = firstState();
  expect(problemsOf({ ...cells, symbol: 'BTCUSDT', price: '5', user: 'dmitry', repeat: '' }, without, true)).toEqual(
    {},
  );
});
