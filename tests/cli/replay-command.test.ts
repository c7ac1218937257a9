import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ReplayOptions, runReplay } from '../../src/cli/replay-command.js';
import { startSimulators } from '../../src/simulators/start.js';
import { oneForEach, openFolder } from '../support/lifetime.js';
import { runProgram } from '../support/program.js';
import { runHere } from '../support/run-here.js';

const folder = oneForEach(openFolder);
beforeEach(() => write('candles.csv', candles));

/** 100 a minute, but 105 at 00:07 and 95 at 00:12. */
const candles = [
  'open_time,open,high,low,close,volume',
  ...Array.from({ length: 20 }, (_, minute) => {
    const time = `2023-03-01 00:${String(minute).padStart(2, '0')}:00+00:00`;
    return `${time},100,${minute === 7 ? '105.50' : '100.5'},${minute === 12 ? '95.25' : '99.5'},100,1`;
  }),
].join('\n');

const write = (name: string, text: string) => folder.write(name, `${text}\n`);

const replay = (...words: string[]) => runHere(['replay', ...words], { folder: folder.path, environment });
/** The built file: for one answer of each kind. */
const replayByProgram = (...words: string[]) => runProgram(['replay', ...words], { folder: folder.path, environment });
let environment: Readonly<Record<string, string>> = {};

/** For what ends with an error before anything is printed. */
const inFolder = (options: Partial<ReplayOptions>): ReplayOptions & { candles: string } => {
  const given = { candles: 'candles.csv', alerts: 'alerts.csv', every: 300_000, days: 30, ...options };
  const path = (name: string) => name && folder.pathOf(name);
  return { ...given, candles: path(given.candles), alerts: path(given.alerts) };
};

const files = ['--candles', 'candles.csv', '--alerts', 'alerts.csv'];

describe('over recorded candles', () => {
  test('programs get one JSON document', async () => {
    await write(
      'alerts.csv',
      'symbol,condition,price,armed_at\nBTCUSDT,above,105,\nBTCUSDT,below,95.5,2023-03-01 00:12:00\nBTCUSDT,below,95.5,2023-03-01 00:12:01\nBTCUSDT,above,106,',
    );
    const { code, stdout, stderr } = await replayByProgram(...files, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      checks: 4,
      fired: [
        {
          row: 2,
          alertId: expect.stringMatching(/^[0-9a-f]{20}$/),
          symbol: 'BTCUSDT',
          condition: 'above',
          targetPrice: '105',
          touchedAt: '2023-03-01T00:07:00.000Z',
          firedAt: '2023-03-01T00:10:00.000Z',
          price: '105.50',
        },
        {
          row: 3,
          alertId: expect.stringMatching(/^[0-9a-f]{20}$/),
          symbol: 'BTCUSDT',
          condition: 'below',
          targetPrice: '95.5',
          touchedAt: '2023-03-01T00:12:00.000Z',
          firedAt: '2023-03-01T00:15:00.000Z',
          price: '95.25',
        },
      ],
      silent: 2,
      rowErrors: [],
    });
  });

  test('people get a table', async () => {
    await write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,105\nBTCUSDT,above,106');
    const { code, stdout } = await replay(...files, '--every', '1m');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      [
        '20 checks from 2023-03-01 00:00:00 UTC to 2023-03-01 00:20:00 UTC: 1 fired, 1 silent; 1 message on each channel',
      ],
      ['ROW', 'ALERT', 'TOUCHED', 'FIRED', 'REACHED'],
      ['row 2', 'BTCUSDT above 105', '2023-03-01 00:07:00 UTC', '2023-03-01 00:08:00 UTC', '105.50'],
      [''],
    ]);
  });

  test('the checks take place between --from and --to, and a row without armed_at counts from --from', async () => {
    await write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,105\nBTCUSDT,below,96');
    const late = await replay(...files, '--json', '--from', '2023-03-01T00:08Z');
    expect(JSON.parse(late.stdout)).toMatchObject({ checks: 3, fired: [{ row: 3 }], silent: 1 });
    const early = await replay(...files, '--json', '--to', '2023-03-01T00:10Z');
    expect(JSON.parse(early.stdout)).toMatchObject({ checks: 2, fired: [{ row: 2 }], silent: 1 });
  });

  test('equal rows are replayed each, and paused ones stay silent', async () => {
    await write(
      'alerts.csv',
      'symbol,condition,price,active\nBTCUSDT,above,105,\nBTCUSDT,above,105,\nBTCUSDT,above,105,FALSE',
    );
    expect(JSON.parse((await replay(...files, '--json')).stdout)).toMatchObject({
      fired: [{ row: 2 }, { row: 3 }],
      silent: 1,
    });
  });

  test('a wrong row is named, the others are replayed, and the exit code tells', async () => {
    await write(
      'alerts.csv',
      'symbol,condition,price,Armed At\nBTCUSDT,above,"95,000",\nBTCUSDT,above,105,soon\nBTCUSDT,above,105,2023-03-01 00:05',
    );
    const { code, stdout, stderr } = await replayByProgram(...files, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ fired: [{ row: 4 }], rowErrors: [{ row: 2 }, { row: 3 }] });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^row 2: price: expected a plain number, got "95,000"/),
      'row 3: armed_at: expected a time such as 2023-03-01 14:05, got "soon"',
      '',
    ]);
  });

  test('of alerts of several symbols --symbol says which ones the candles are of', async () => {
    await write('alerts.csv', 'symbol,condition,price\nBTC-USDT,above,105\nETHUSDT,above,105\nbtcusdt,above,105.5');
    await expect(runReplay(inFolder({}))).rejects.toThrow(
      'the alerts name several symbols (BTC-USDT, ETHUSDT, BTCUSDT); say with --symbol',
    );
    const clear = await replay(...files, '--symbol', 'btc/usdt', '--json');
    expect(JSON.parse(clear.stdout)).toMatchObject({ fired: [{ row: 2 }, { row: 4 }], silent: 0 });
  });

  test.each<[name: string, options: Partial<ReplayOptions>, says: string]>([
    ['no candles', { candles: undefined as never }, 'expected --candles FILE, or --symbol SYMBOL'],
    ['candles that are not there', { candles: 'gone.csv' }, 'gone.csv cannot be read (ENOENT)'],
    ['alerts that are not there', { alerts: 'gone.csv' }, 'gone.csv'],
    ['alerts without their header', { alerts: 'candles.csv' }, 'symbol'],
    [
      'an end before the beginning',
      { from: Date.UTC(2023, 3, 1) },
      '--from 2023-04-01 00:00:00 UTC is later than the end',
    ],
  ])('%s: it says what it expected', async (_name, options, says) => {
    await write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,105');
    await expect(runReplay(inFolder(options))).rejects.toThrow(says);
  });

  test.each([
    { words: ['--from', 'yesterday'], says: 'expected a time such as 2023-03-01T14:05Z, got "yesterday"' },
    { words: ['--every', 'often'], says: 'expected a time such as 1m, 5m or 1h, got "often"' },
    { words: ['--days', '0'], says: 'expected a whole number of days from 1 to 999, got "0"' },
  ])('$words is refused', async ({ words, says }) => {
    expect(await replay(...files, ...words)).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
  });
});

describe('over candles of an exchange', () => {
  const simulators = oneForEach(() => startSimulators({ now: Date.now }));
  beforeEach(() => {
    environment = simulators.environment;
  });
  afterEach(() => {
    environment = {};
  });

  test.each([
    { exchange: 'binance', symbol: 'BTCUSDT', pages: 3 },
    { exchange: 'bybit', symbol: 'BTCUSDT', pages: 3 },
    { exchange: 'coinbase', symbol: 'BTC-USDT', pages: 10 },
  ] as const)('$exchange gives two days in $pages pages', async ({ exchange, symbol, pages }) => {
    const { market, traffic } = simulators;
    const dayAgo = Math.floor(Date.now() / 60_000) * 60_000 - 24 * 60 * 60_000;
    market.list(exchange, symbol, {});
    market.move(exchange, symbol, [
      { at: dayAgo - 24 * 60 * 60_000 + 60_000, price: '100' },
      { at: dayAgo + 10_000, price: '105.5' },
      { at: dayAgo + 20_000, price: '100' },
    ]);
    await write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,105\nBTCUSDT,below,99');
    const { code, stdout } = await replay(
      ...['--symbol', 'btcusdt', '--exchange', exchange, '--days', '2', '--alerts', 'alerts.csv', '--json'],
    );
    expect(code).toBe(0);
    const { fired, silent } = JSON.parse(stdout);
    expect(fired).toMatchObject([{ row: 2, touchedAt: new Date(dayAgo).toISOString(), condition: 'above' }]);
    expect(silent).toBe(1);
    expect(traffic[exchange].requests).toHaveLength(pages);
  });

  test.each(['binance', 'bybit'] as const)(
    '%s gives those of a perpetual, whose funding no candle tells',
    async (exchange) => {
      const { market } = simulators;
      const hourAgo = Math.floor(Date.now() / 60_000) * 60_000 - 60 * 60_000;
      market.list(exchange, 'BTCUSDT', { price: '300' });
      market.list(exchange, 'BTCUSDT.P', {});
      market.move(exchange, 'BTCUSDT.P', [
        { at: hourAgo, price: '100' },
        { at: hourAgo + 10 * 60_000, price: '105.5' },
      ]);
      const rows = `${exchange}:BTCUSDT.P,above,105\nbtcusdt.p,above,200\nBTCUSDT,above,105\nBTCUSDT.P,funding above,0%`;
      await write('alerts.csv', `symbol,condition,price\n${rows}`);
      const { code, stdout, stderr } = await replay(
        ...['--symbol', `${exchange.toUpperCase()}:BTCUSDT.P`, '--days', '1', '--alerts', 'alerts.csv', '--json'],
      );
      const { fired, silent } = JSON.parse(stdout);
      expect(fired).toMatchObject([{ row: 2, symbol: `${exchange.toUpperCase()}:BTCUSDT.P`, price: '105.5' }]);
      expect([code, silent]).toEqual([1, 1]);
      expect(stderr).toContain('row 5: condition: candles do not tell the funding, so this row is not replayed');
    },
  );

  test.each([
    ['a symbol that it does not list', 'ETHUSDT', 'bybit ETHUSDT: the exchange does not list this symbol'],
    ['a symbol without trades', 'NEWUSDT', 'there are no candles in that time'],
  ])('%s: it says so', async (_name, symbol, says) => {
    simulators.market.list('bybit', 'NEWUSDT', {});
    await write('alerts.csv', `symbol,condition,price\n${symbol},above,105`);
    Object.assign(process.env, environment);
    const { candles: _, ...options } = inFolder({});
    await expect(runReplay({ ...options, symbol, exchange: 'bybit', days: 1 })).rejects.toThrow(says);
  });
});
