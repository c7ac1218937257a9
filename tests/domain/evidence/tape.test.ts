import { expect, test } from '@jest/globals';
import { type Bar, pointAt } from '../../../src/domain/evidence/bar.js';
import { makeTape } from '../../../src/domain/evidence/tape.js';
import { price } from '../../../src/domain/price.js';
import { at } from '../../support/builders.js';

const bar = (time: string, spanMs: number, value = '1'): Bar => ({ ...pointAt(price(value), at(time)), spanMs });
const minute = (time: string, value?: string): Bar => bar(time, 60_000, value);
const second = (time: string, value?: string): Bar => bar(time, 1_000, value);
const hour = (time: string): Bar => bar(time, 3_600_000);
const seconds = (minuteText: string, from = 0, to = 60): Bar[] =>
  Array.from({ length: to - from }, (_, index) => second(`${minuteText}:${String(from + index).padStart(2, '0')}`));

test.each<{ name: string; candles: Bar[]; from: string; lastAt: string; lookBack: Bar[]; bars: Bar[]; after: boolean }>(
  [
    {
      name: 'minutes are taken as they are, those before the window apart',
      candles: [minute('12:00'), minute('12:01'), minute('12:02')],
      from: '12:01',
      lastAt: '12:03',
      lookBack: [minute('12:00')],
      bars: [minute('12:01'), minute('12:02')],
      after: true,
    },
    {
      name: 'a minute that began before the window opened is none of it, though it ended within',
      candles: [minute('12:00'), minute('12:01')],
      from: '12:00:30',
      lastAt: '12:02',
      lookBack: [minute('12:00')],
      bars: [minute('12:01')],
      after: true,
    },
    {
      name: 'its seconds are, and those before the window are looked back on',
      candles: [...seconds('12:00'), minute('12:00'), minute('12:01')],
      from: '12:00:30.500',
      lastAt: '12:02',
      lookBack: seconds('12:00', 0, 31),
      bars: [...seconds('12:00', 31), minute('12:01')],
      after: true,
    },
    {
      name: 'with none of the seconds before the window, the minute is not looked back on: it reaches into the seconds',
      candles: [minute('11:59'), minute('12:00'), ...seconds('12:00', 31), minute('12:01')],
      from: '12:00:30.500',
      lastAt: '12:02',
      lookBack: [minute('11:59')],
      bars: [...seconds('12:00', 31), minute('12:01')],
      after: true,
    },
    {
      name: 'a minute and all its seconds: the seconds',
      candles: [minute('12:00'), ...seconds('12:00')],
      from: '12:00',
      lastAt: '12:01',
      lookBack: [],
      bars: seconds('12:00'),
      after: true,
    },
    {
      name: 'a minute and all but one of its seconds: the minute, whose high may be of that second',
      candles: [minute('12:00'), ...seconds('12:00', 0, 20), ...seconds('12:00', 21)],
      from: '12:00',
      lastAt: '12:01',
      lookBack: [],
      bars: [minute('12:00')],
      after: true,
    },
    {
      name: 'an hour with minutes, and one of them with seconds',
      candles: [
        hour('12:00'),
        ...Array.from({ length: 60 }, (_, each) => minute(`12:${String(each).padStart(2, '0')}`)),
        ...seconds('12:07'),
      ],
      from: '12:00',
      lastAt: '13:00',
      lookBack: [],
      bars: [
        ...Array.from({ length: 7 }, (_, each) => minute(`12:0${each}`)),
        ...seconds('12:07'),
        ...Array.from({ length: 52 }, (_, each) => minute(`12:${String(each + 8).padStart(2, '0')}`)),
      ],
      after: true,
    },
    {
      name: 'a growing minute with seconds up to the last price: the seconds',
      candles: [minute('12:00'), ...seconds('12:00', 0, 20)],
      from: '12:00',
      lastAt: '12:00:19.500',
      lookBack: [],
      bars: seconds('12:00', 0, 20),
      after: false,
    },
    {
      name: 'a growing minute with seconds that fall short of the last price: the minute',
      candles: [minute('12:00'), ...seconds('12:00', 0, 20)],
      from: '12:00',
      lastAt: '12:00:20.500',
      lookBack: [],
      bars: [minute('12:00')],
      after: false,
    },
    {
      name: 'a candle of two answers counts once, as the later one has it',
      candles: [minute('12:00', '1'), minute('12:00', '2'), minute('12:01')],
      from: '12:00',
      lastAt: '12:02',
      lookBack: [],
      bars: [minute('12:00', '2'), minute('12:01')],
      after: true,
    },
    {
      name: 'without candles there is the last price',
      candles: [],
      from: '12:00',
      lastAt: '12:02',
      lookBack: [],
      bars: [],
      after: true,
    },
    {
      name: 'the minute in which an alert is armed may hold trades after its last price, so it is not looked back on',
      candles: [minute('11:59'), minute('12:00')],
      from: '12:00:30',
      lastAt: '12:00:31',
      lookBack: [minute('11:59')],
      bars: [],
      after: true,
    },
  ],
)('$name', ({ candles, from, lastAt, lookBack, bars, after }) => {
  expect(makeTape(candles, price('5'), at(lastAt), at(from))).toEqual({
    lookBack,
    bars,
    last: pointAt(price('5'), at(lastAt)),
    isLastAfterBars: after,
  });
});
