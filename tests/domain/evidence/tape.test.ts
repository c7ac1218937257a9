import { expect, test } from '@jest/globals';
import { type Bar, pointAt } from '../../../src/domain/evidence/bar.js';
import { makeTape } from '../../../src/domain/evidence/tape.js';
import { price } from '../../../src/domain/price.js';
import { at } from '../../support/builders.js';
import { listIn, rowsIn } from '../../support/text-table.js';

const bar = (time: string, spanMs: number, value = '1'): Bar => ({ ...pointAt(price(value), at(time)), spanMs });
const twoDigits = (count: number) => String(count).padStart(2, '0');

/**
 * `12:00` is a minute, `12:00=2` one at that price, `12h` an hour; `12:00:00-30` are the seconds 0 to 30 of a minute,
 * `12h:00-06` the minutes 0 to 6 of an hour.
 */
function barsAs(text: string): Bar[] {
  return listIn(text).flatMap((each) => {
    const [, whole = '', from, to] = /^(.+):(\d\d)-(\d\d)$/.exec(each) ?? [];
    if (from !== undefined) {
      const [spanMs, prefix] = whole.endsWith('h') ? [60_000, whole.slice(0, -1)] : [1_000, whole];
      const count = Number(to) - Number(from) + 1;
      return Array.from({ length: count }, (_, index) => bar(`${prefix}:${twoDigits(Number(from) + index)}`, spanMs));
    }
    if (each.endsWith('h')) return [bar(each.replace('h', ':00'), 3_600_000)];
    const [time = '', value] = each.split('=');
    return [bar(time, 60_000, value)];
  });
}

/** The candles, where the window begins and when the last price was; then what is looked back on, and the bars. */
test.each(
  rowsIn(`
    minutes are taken as they are, those before the window apart
      12:00, 12:01, 12:02 | 12:01 | 12:03 | 12:00 | 12:01, 12:02 | after
    a minute that began before the window opened is none of it, though it ended within
      12:00, 12:01 | 12:00:30 | 12:02 | 12:00 | 12:01 | after
    its seconds are, and those before the window are looked back on
      12:00:00-59, 12:00, 12:01 | 12:00:30.500 | 12:02 | 12:00:00-30 | 12:00:31-59, 12:01 | after
    with none of the seconds before the window, the minute is not looked back on: it reaches into the seconds
      11:59, 12:00, 12:00:31-59, 12:01 | 12:00:30.500 | 12:02 | 11:59 | 12:00:31-59, 12:01 | after
    a minute and all its seconds: the seconds
      12:00, 12:00:00-59 | 12:00 | 12:01 | | 12:00:00-59 | after
    a minute and all but one of its seconds: the minute, whose high may be of that second
      12:00, 12:00:00-19, 12:00:21-59 | 12:00 | 12:01 | | 12:00 | after
    an hour with minutes, and one of them with seconds
      12h, 12h:00-59, 12:07:00-59 | 12:00 | 13:00 | | 12h:00-06, 12:07:00-59, 12h:08-59 | after
    a growing minute with seconds up to the last price: the seconds
      12:00, 12:00:00-19 | 12:00 | 12:00:19.500 | | 12:00:00-19 | within
    a growing minute with seconds that fall short of the last price: the minute
      12:00, 12:00:00-19 | 12:00 | 12:00:20.500 | | 12:00 | within
    a candle of two answers counts once, as the later one has it
      12:00=1, 12:00=2, 12:01 | 12:00 | 12:02 | | 12:00=2, 12:01 | after
    without candles there is the last price
      | 12:00 | 12:02 | | | after
    the minute in which an alert is armed may hold trades after its last price, so it is not looked back on
      11:59, 12:00 | 12:00:30 | 12:00:31 | 11:59 | | after
  `),
)('%s', (_, candles, from, lastAt, lookBack, bars, last) => {
  expect(makeTape(barsAs(candles), price('5'), at(lastAt), at(from))).toEqual({
    lookBack: barsAs(lookBack),
    bars: barsAs(bars),
    last: pointAt(price('5'), at(lastAt)),
    isLastAfterBars: last === 'after',
  });
});
