import { beforeEach, describe, expect, test } from '@jest/globals';
import { answerTitles } from '../../src/domain/answer-columns.js';
import type { Cell } from '../../src/domain/columns.js';
import type { Fault } from '../../src/simulators/faults.js';
import { type GoogleState, lookOf, typedOf } from '../../src/simulators/google/state.js';
import { oneForEach } from '../support/lifetime.js';
import { createWorld, minuteMs, received } from '../support/world.js';

const world = oneForEach(() => createWorld({ TIME_ZONE: 'Europe/Berlin' }));
beforeEach(() => {
  const { market, google } = world.simulators;
  // With it there is one read a check.
  google.tabs.set('Users', [['user_id']]);
  market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  market.list('binance', 'ETHUSDT', { price: '3000.00000000' });
});

const asking = ['symbol', 'condition', 'price', 'active', 'repeat', 'mine'];
const wide = [...asking, ...answerTitles];

/** Of the sheet; what is left out of a row is blank. */
function write(...rows: (readonly Cell[])[]): void {
  world.simulators.google.tabs.set('Alerts', [[...wide], ...rows.map((row) => [...row])]);
}

const sheetRows = () => world.simulators.google.tabs.get('Alerts') ?? [];

/** The answers of each row below the header. */
const answers = () =>
  sheetRows()
    .slice(1)
    .map((row) => answerTitles.map((_, place) => typedOf(row[asking.length + place]) ?? ''));

const calls = () =>
  world.simulators.traffic.google.requests
    .filter(({ path }) => path.startsWith('/v4/'))
    .map(({ method, path }) => `${method} ${path.replace(/^.*simulated-spreadsheet/, '').replace(/%.*$/, '')}`);

const scopes = () => [...world.simulators.google.tokens.values()].map((scope) => scope.replace(/^.*auth\//, ''));

async function nextCheck() {
  world.simulators.traffic.google.requests.length = 0;
  world.pass(5 * minuteMs);
  return world.check();
}

const readCall = 'GET /values:batchGet';
const reread = 'GET ';
const writeCall = 'POST /values:batchUpdate';

test('what another check fires at the same moment is answered as it is, and counted so', async () => {
  write(['BTCUSDT', 'above', 93000], ['BTCUSDT', 'above', 103400]);
  const other = world.handler();
  const { store } = world;
  const claim: typeof store.claim = async (...claimed) => {
    await other({ source: 'schedule' });
    return store.claim(...claimed);
  };
  const { alerts, fired } = await world.handler({ store: { ...store, claim } })({ source: 'schedule' });
  expect([fired, alerts]).toEqual([[], expect.objectContaining({ pending: 1, triggered: 1 })]);
  expect(answers().map(([status]) => status)).toEqual(['fired 15 Jan 13:00', 'armed']);
});

test('every row is answered: armed, fired, paused, wrong, not listed; a heading is emptied', async () => {
  write(
    ['BTCUSDT', 'above', 103400, '', '', 'my note'],
    ['BTCUSDT', 'above', 93000],
    ['ETHUSDT', 'below', 10, false],
    ['ETHUSDT', 'above', '95,000'],
    ['NOSUCHCOIN', 'above', 5],
    ['Long ago', '', '', '', '', '', 'armed', 5, 5, 'x', 1, 'left behind'],
    ['BTCUSDT', 'above', 103400.0],
  );
  const summary = await nextCheck();
  expect(answers()).toEqual([
    ['armed', 94000, 10, '', 0, ''],
    ['fired 15 Jan 13:05', '', '', '2026-01-15 13:05', 1, ''],
    ['paused', '', '', '', 0, ''],
    ['wrong', '', '', '', '', expect.stringMatching(/^price: .*write 95000 or 95\.000/)],
    ['not listed', '', '', '', 0, expect.stringContaining('the exchange does not list this symbol')],
    ['', '', '', '', '', ''],
    ['wrong', '', '', '', '', expect.stringMatching(/^the same alert as row 2, which counts/)],
  ]);
  expect(summary.sheet.answers).toEqual({ written: expect.any(Number), refused: [] });
  expect(sheetRows()[1]?.slice(0, 6)).toEqual(['BTCUSDT', 'above', 103400, '', '', 'my note']);
});

test('one read where nothing differs, else one more read and one write', async () => {
  write(['BTCUSDT', 'above', 103400]);
  await nextCheck();
  expect(calls()).toEqual([readCall, reread, writeCall]);
  const quiet = await nextCheck();
  expect(calls()).toEqual([readCall]);
  expect(quiet.sheet.answers).toEqual({ written: 0, refused: [] });
  world.simulators.market.setPrice('binance', 'BTCUSDT', '94940');
  await nextCheck();
  expect(calls()).toEqual([readCall, reread, writeCall]);
  expect(answers()).toEqual([['armed', 94940, 8.91, '', 0, '']]);
});

test('a sheet without such columns, and a dry run, ask for no wider scope and write nothing', async () => {
  world.rows(['BTCUSDT', 'above', 103400]);
  expect((await nextCheck()).sheet.answers).toBeUndefined();
  write(['BTCUSDT', 'above', 103400]);
  expect((await world.check({ dryRun: true })).sheet.answers).toBeUndefined();
  expect(scopes()).toEqual(['spreadsheets.readonly']);
  await nextCheck();
  expect(scopes()).toEqual(['spreadsheets.readonly', 'spreadsheets']);
});

test('an alert that repeats says when it is armed again, in the zone of the owner', async () => {
  write(['BTCUSDT', 'above', 93000, '', '1h'], ['ETHUSDT', 'above', 2000, '', 'back']);
  await nextCheck();
  expect(answers()).toEqual([
    ['armed again 15 Jan 14:05', 94000, 1.06, '2026-01-15 13:05', 1, ''],
    ['fired 15 Jan 13:05', 3000, 33.33, '2026-01-15 13:05', 1, 'armed again when the price was back on the other side'],
  ]);
});

test('a column with a formula is left alone, and said so', async () => {
  write(['BTCUSDT', 'above', 103400, '', '', 2], ['ETHUSDT', 'above', 9000, '', '', 3]);
  const [, first = []] = sheetRows();
  first[asking.length + 1] = '=F2*2';
  const { sheet } = await nextCheck();
  expect(sheet.answers).toEqual({
    written: 6,
    refused: ['the column "last price" holds a formula, and is left alone'],
  });
  expect(answers().map((row) => row.slice(0, 3))).toEqual([
    ['armed', '=F2*2', 10],
    ['armed', '', 200],
  ]);
});

describe('where the answers are refused, every alert fires as if there were none', () => {
  const isAnswer = ({ method, path }: { method: string; path: string }): boolean =>
    (method === 'POST' || path.endsWith('simulated-spreadsheet/') || path.endsWith('simulated-spreadsheet')) &&
    path.startsWith('/v4/');
  const failing = (outcome: Fault['outcome']) => () => {
    world.simulators.traffic.google.fault = (request) => (isAnswer(request) && outcome ? { outcome } : undefined);
  };
  const google = (): GoogleState => world.simulators.google;

  test.each<[name: string, arrange: () => void, refused: unknown[], written: number]>([
    ['nothing is refused', () => undefined, [], 6],
    [
      "a viewer's share",
      () => {
        google().access = 'viewer';
      },
      [expect.stringMatching(/shared for reading only; share the sheet with .* as an editor/)],
      0,
    ],
    [
      'one protected row',
      () => {
        lookOf(google(), 'Alerts').protectedRanges.push({
          protectedRangeId: 1,
          range: { startRowIndex: 2, endRowIndex: 3 },
        });
      },
      [expect.stringMatching(/^row 3: protected; let the service account edit/)],
      3,
    ],
    [
      'a full quota',
      () => {
        google().quota = { perMinute: 1, now: () => 0 };
      },
      [expect.stringMatching(/limit of 60 calls a minute .* is used up; the next check writes/)],
      0,
    ],
    [
      'a server that is out of order',
      failing({ status: 500, body: {} }),
      [expect.stringMatching(/out of order.*; the next check/)],
      0,
    ],
    ['a connection that breaks', failing('reset'), [expect.stringMatching(/did not answer.*; the next check/)], 0],
    [
      'an answer that is nonsense',
      failing({ status: 200, body: 'hello' }),
      [expect.stringContaining('something other than tabs and their cells')],
      0,
    ],
  ])('%s', async (_, arrange, refused, written) => {
    write(['BTCUSDT', 'above', 93000], ['ETHUSDT', 'above', 2000]);
    arrange();
    const summary = await nextCheck();
    expect(received(world).map(({ title }) => title)).toEqual(['BTCUSDT above 93000', 'ETHUSDT above 2000']);
    expect(summary.fired.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(summary.problems).toEqual([]);
    expect(summary.sheet.answers).toEqual({ written, refused });
  });

  test('no time left', async () => {
    write(['BTCUSDT', 'above', 93000]);
    world.pass(5 * minuteMs);
    let asked = false;
    const { google: traffic, pushover } = world.simulators.traffic;
    // The push takes so long that no time is left after it.
    pushover.fault = () => {
      asked = true;
      world.pass(110_000);
      return undefined;
    };
    const summary = await world.check();
    expect({ asked, fired: summary.fired.map(({ outcome }) => outcome) }).toEqual({ asked: true, fired: ['accepted'] });
    expect(summary.sheet.answers).toEqual({ written: 0, refused: [expect.stringContaining('no time left')] });
    expect(traffic.requests.filter(({ path }) => path.startsWith('/v4/'))).toHaveLength(1);
  });
});

test('rows that are sorted and deleted after the check read them get their own answers all the same', async () => {
  write(
    ['BTCUSDT', 'above', 103400],
    ['ETHUSDT', 'above', 'dear'],
    ['ETHUSDT', 'above', 9000],
    ['BTCUSDT', 'above', 93000],
  );
  const { pushover } = world.simulators.traffic;
  pushover.fault = () => {
    // The wrong row is told as well.
    pushover.fault = () => undefined;
    const [head = [], first = [], , third = [], fourth = []] = sheetRows();
    sheetRows().splice(0, 5, head, fourth, third, ['SOLUSDT', 'above', 5], first);
    return undefined;
  };
  await nextCheck();
  expect(answers().map(([status]) => status)).toEqual(['fired 15 Jan 13:05', 'armed', '', 'armed']);
});
