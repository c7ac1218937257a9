import { expect, test } from '@jest/globals';
import { readCandleFile } from '../../src/cli/candle-file.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { readSharedCandles, sharedFilePath, toCandle } from '../support/candle-series.js';
import { oneForEach, openFolder } from '../support/lifetime.js';

const folder = oneForEach(openFolder);

const header = 'open_time,open,high,low,close,volume';

async function read(...lines: string[]) {
  await folder.write('candles.csv', lines.join('\n'));
  return readCandleFile(folder.pathOf('candles.csv'));
}

const candle = (openTime: string, open: string, high: string, low: string, close: string) => ({
  openAt: Date.parse(openTime),
  spanMs: minuteMs,
  open: price(open),
  high: price(high),
  low: price(low),
  close: price(close),
});

test('candles are read in the digits they came in, whatever the form of the time', async () => {
  expect(
    await read(
      header,
      '2023-03-01 00:00:00+00:00,23140.48,23150.770,23128.52,23142.31,2.1',
      '2023-03-01T00:01:00Z,0.00001230,0.00001240,0.00001234,0.00001235,0',
      '1677628920,1,2,1,1.5,3',
      '1677629040000,1,2,1,1.5,3',
      '',
    ),
  ).toEqual([
    candle('2023-03-01T00:00Z', '23140.48', '23150.770', '23128.52', '23142.31'),
    candle('2023-03-01T00:01Z', '0.00001230', '0.00001240', '0.00001234', '0.00001235'),
    candle('2023-03-01T00:02Z', '1', '2', '1', '1.5'),
    candle('2023-03-01T00:04Z', '1', '2', '1', '1.5'),
  ]);
});

test('columns may stand in any order, among others, after a mark of byte order', async () => {
  expect(await read('\uFEFFclose, low ,high,open,trades,open_time', '1.5,1,2,1,7,2023-03-01')).toEqual([
    candle('2023-03-01T00:00Z', '1', '2', '1', '1.5'),
  ]);
});

test.each([
  { name: 'a missing column', lines: ['open_time,open,high,close', '2023-03-01,1,2,1'], says: 'low missing' },
  { name: 'a header alone', lines: [header], says: 'expected candles, found the header alone' },
  { name: 'nothing', lines: [''], says: 'expected the columns open_time, open, high, low, close, volume' },
  {
    name: 'a time that is none',
    lines: [header, 'soon,1,2,1,1,1'],
    says: 'line 2: open_time: expected a time such as',
  },
  {
    name: 'a price that is none',
    lines: [header, '2023-03-01 00:00,1,2,1,1,1', '2023-03-01 00:01,1,1e5,1,1,1'],
    says: 'line 3: open, high, low and close: expected plain decimals above zero',
  },
  { name: 'a low of zero', lines: [header, '2023-03-01,1,2,0,1,1'], says: 'line 2: open, high, low and close' },
  { name: 'a line cut short', lines: [header, '2023-03-01,1,2'], says: 'line 2: open, high, low and close' },
  { name: 'a high under its low', lines: [header, '2023-03-01,1,1,2,1,1'], says: 'line 2: high 1 is lower than low 2' },
  {
    name: 'newest first',
    lines: [header, '2023-03-01 00:01,1,2,1,1,1', '2023-03-01 00:00,1,2,1,1,1'],
    says: 'line 3: expected candles oldest first',
  },
  {
    name: 'a minute twice',
    lines: [header, '2023-03-01 00:01,1,2,1,1,1', '2023-03-01 00:01,1,2,1,1,1'],
    says: 'line 3: expected candles oldest first, each minute once',
  },
])('$name is refused, with the place', async ({ lines, says }) => {
  await expect(read(...lines)).rejects.toThrow(says);
});

test('a file that is not there is named', async () => {
  await expect(readCandleFile(folder.pathOf('gone.csv'))).rejects.toThrow(
    `${folder.pathOf('gone.csv')} cannot be read (ENOENT); expected a CSV file of candles`,
  );
});

const testReal = sharedFilePath === undefined ? test.skip : test;

testReal('the real candles are read whole', async () => {
  const whole = await readCandleFile(String(sharedFilePath));
  expect(whole).toHaveLength(30_240);
  const some = <T>(list: readonly T[]) => list.filter((_, index) => index % 100 === 0);
  expect(some(whole)).toEqual(some(readSharedCandles()).map(toCandle));
});
