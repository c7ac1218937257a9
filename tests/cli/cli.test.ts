import { readdir } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { exchangeNames } from '../../src/domain/market.js';
import { openTestLaptop } from '../support/laptop.js';
import { oneForEach } from '../support/lifetime.js';

const laptop = oneForEach(openTestLaptop);
beforeEach(() => {
  const { market } = laptop.simulators;
  market.list('binance', 'BTCUSDT', {
    price: '95180.00000000',
    high24h: '96000.00000000',
    low24h: '94000.10000000',
  });
  market.list('bybit', 'ETHUSDT', { price: '3000.5' });
  market.list('coinbase', 'BTC-USDT', { price: '95179.5' });
});

const run = (...words: string[]) => laptop.runHere(...words);
const sheet = (text: string) => laptop.write('alerts.csv', text);

test('check reads the CSV file, keeps the alerts on disk and shows each push once', async () => {
  await sheet('symbol,condition,price,user_id\nBTCUSDT,above,95000.10,anyone\nBTCUSDT,below,90000,\n');
  const first = await laptop.run('check');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('📱 anyone  BTCUSDT above 95000.10\n   touched 95180.00 at');
  expect(first.stdout).toContain('Alerts   1 pending, 1 triggered');
  const second = await run('check', '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ alerts: { pending: 1, triggered: 1 }, fired: [] });
  const list = await run('list');
  expect(list.stdout).toMatch(
    /pending +BTCUSDT below 90000 +any +default +armed since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/,
  );
  expect(list.stdout).toMatch(/triggered +BTCUSDT above 95000\.10 .*fired \d{4}/);
});

test('every command that has a file is one of the program', async () => {
  const { stdout } = await run('--help');
  const [, listed = ''] = /\nCommands:\n([\s\S]*)/.exec(stdout) ?? [];
  const commands = [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  const files = (await readdir('src/cli/commands')).map((file) => file.replace(/\.ts$/, ''));
  expect(commands.filter((name) => name !== 'help').toSorted()).toEqual(files.toSorted());
});

describe('the users’ file', () => {
  const users = (name: string, timeZone: string) => laptop.write(name, `user_id,time_zone\nanyone,${timeZone}\n`);
  beforeEach(() => sheet('symbol,condition,price,user_id\nBTCUSDT,above,95000.10,anyone\n'));

  test('beside the alerts, or named, says how they are told', async () => {
    await users('users.csv', 'Asia/Kolkata');
    await users('others.csv', 'Asia/Kathmandu');
    expect((await run('check')).stdout).toMatch(/touched 95180\.00 at \d\d:\d\d GMT\+5:30/);
    await sheet('symbol,condition,price,user_id\nBTCUSDT,above,95000.20,anyone\n');
    expect((await run('check', '--users', 'others.csv')).stdout).toMatch(/touched 95180\.00 at \d\d:\d\d GMT\+5:45/);
  });

  test('that is wrong is told by its name', async () => {
    await users('users.csv', 'Katmandu');
    const ended = await run('check', '--dry-run');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('row 2  users.csv: time_zone: expected a name of the IANA list');
  });

  test('that was named has to be there', async () => {
    const { stdout } = await run('check', '--dry-run', '--users', 'absent.csv');
    expect(stdout).toContain('there is no file absent.csv');
  });

  test('has no place beside a Google sheet', async () => {
    const ended = await run('check', '--sheet', 'google', '--users', 'users.csv');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('--users is for a CSV file') });
  });
});

test('check exits with 1 where a row is wrong, and names it', async () => {
  await sheet('symbol,condition,price\nBTCUSDT,above,"95,000"\nBTCUSDT,above,99000\n');
  const ended = await laptop.run('check', '--dry-run');
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('row 2  price: expected a plain number, got "95,000"; write 95000 or 95.000');
});

test('check without a sheet says where it looked', async () => {
  const ended = await run('check');
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('Sheet    unavailable: ');
  expect(ended.stdout).toContain('alerts.csv');
});

test('price shows every exchange under its own spelling, and why one has none', async () => {
  const ended = await run('price', 'btc-usdt');
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['EXCHANGE', 'SYMBOL', 'LAST', '24H HIGH', '24H LOW'],
    ['binance', 'BTCUSDT', '95180.00', '96000.00', '94000.10'],
    ['bybit', 'BTCUSDT', 'the exchange does not list this symbol'],
    ['coinbase', 'BTC-USDT', '95179.5'],
    ...exchangeNames
      .filter((name) => !['binance', 'bybit', 'coinbase'].includes(name))
      .map((name) => [name, expect.anything(), 'the exchange does not list this symbol']),
    [''],
  ]);
  expect((await run('price', 'NOSUCH', '--exchange', 'bybit', '--json')).code).toBe(1);
});

describe('of perpetuals', () => {
  const shown = (text: string) => text.split('\n').map((line) => line.split(/ {2,}/));
  const next = expect.stringMatching(/^(\d{4}-\d\d-\d\d )?\d\d:00 UTC$/);
  beforeEach(() => {
    const { market } = laptop.simulators;
    for (const exchange of ['binance', 'bybit'] as const) market.list(exchange, 'BTCUSDT.P', { price: '95200.10' });
    market.list('binance', '1000PEPEUSDT.P', { price: '0.012' });
    market.list('bybit', 'BTCPERP.P', { price: '95190' });
    market.list('binance', 'BTCUSDT_260327.P', { price: '96000', contract: 'dated' });
    market.setFunding('binance', 'BTCUSDT.P', '0.00061200');
    market.setFunding('bybit', 'BTCUSDT.P', '-0.00250000', 4);
    market.setFunding('binance', '1000PEPEUSDT.P', '0.00012345', 1);
    market.setFunding('bybit', 'BTCPERP.P', '0');
  });

  test('price shows the funding too', async () => {
    const ended = await run('price', 'BTCUSDT.P');
    expect(ended.code).toBe(0);
    expect(shown(ended.stdout).slice(0, 3)).toEqual([
      ['EXCHANGE', 'SYMBOL', 'LAST', '24H HIGH', '24H LOW', 'FUNDING'],
      [
        ...['binance', 'BTCUSDT.P', '95200.10', '95200.10', '95200.10'],
        expect.stringMatching(/^0\.0612 % per 8 h \(67 % a year\), longs pay; next .*00 UTC$/),
      ],
      [
        ...['bybit', 'BTCUSDT.P', '95200.10', '95200.10', '95200.10'],
        expect.stringMatching(/^-0\.25 % per 4 h \(-548 % a year\), shorts pay; next .*00 UTC$/),
      ],
    ]);
    const [only, ...others] = JSON.parse((await run('price', 'BYBIT:BTCUSDT.P', '--json')).stdout);
    expect([only.exchange, only.funding.rate, only.funding.intervalHours, only.funding.annual, others]).toEqual([
      ...['bybit', '-0.0025', 4, '-5.475'],
      [],
    ]);
    expect((await run('price', 'PEPEUSDT.P', '--exchange', 'binance')).stdout).toContain('write 1000PEPEUSDT.P');
    expect((await run('price', 'COINBASE:BTCUSD.P')).stderr).toContain('coinbase: its perpetual markets are not read');
  });

  test('funding shows all that have a rate, the largest a year first', async () => {
    const ended = await run('funding', '--top', '4');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(shown(ended.stdout)).toEqual([
      ['EXCHANGE', 'SYMBOL', 'RATE', 'EVERY', 'A YEAR', 'NEXT'],
      ['bybit', 'BTCUSDT.P', '-0.25 %', '4 h', '-548 %', next],
      ['binance', '1000PEPEUSDT.P', '0.0123 %', '1 h', '108 %', next],
      ['binance', 'BTCUSDT.P', '0.0612 %', '8 h', '67 %', next],
      [expect.anything(), 'LISTED-USD.P', '0.01 %', '8 h', '11 %', next],
      [''],
    ]);
  });

  test('funding of symbols shows them in their order, and says what has none', async () => {
    const { stdout, code } = await run('funding', 'PEPEUSDT', 'BYBIT:BTCUSDC', 'BTCUSDT.P', '--json');
    const { rates, failed } = JSON.parse(stdout);
    expect([code, failed]).toEqual([0, []]);
    const shortly = rates.map(({ exchange, symbol, rate, reason }: Record<string, string>) => [
      `${exchange}:${symbol}`,
      rate ?? reason,
    ]);
    expect(shortly.filter(([name = '']) => /^(binance|bybit):/.test(name))).toEqual([
      ['binance:PEPEUSDT.P', expect.stringContaining('write 1000PEPEUSDT.P')],
      ['bybit:PEPEUSDT.P', 'the exchange does not list this symbol'],
      ['bybit:BTCPERP.P', '0'],
      ['binance:BTCUSDT.P', '0.000612'],
      ['bybit:BTCUSDT.P', '-0.0025'],
    ]);
    expect((await run('funding', 'KRAKEN:BTCUSD')).stderr).toContain('expected BINANCE:');
    expect((await run('funding', '--top', 'ten')).stderr).toContain('expected a whole number from 1 to 99999');
    expect((await run('funding', 'NOSUCHUSDT')).code).toBe(1);
  });

  test('funding tells of an exchange that gives none', async () => {
    laptop.simulators.traffic.binanceFutures.fault = () => ({ outcome: { status: 451, body: '' } });
    const ended = await run('funding', 'BTCUSDT');
    expect([ended.code, ended.stderr]).toEqual([
      0,
      'binance: the exchange refuses this region (HTTP 451); run in another region\n',
    ]);
  });
});

test('a wrong option is explained, and ends with an error', async () => {
  const interval = await laptop.run('check', '--watch', 'soon');
  expect(interval.code).not.toBe(0);
  expect(interval.stderr).toContain('expected a time such as 30s, 5m or 1h, at least 10s, got "soon"');
  expect((await run('price', 'BTCUSDT', '--exchange', 'kraken')).stderr).toContain(exchangeNames.join(', '));
});

test('watch ends at the first signal, and leaves the folder free', async () => {
  await sheet('symbol,condition,price\nBTCUSDT,above,99000\n');
  const watch = laptop.start(['check', '--watch', '1h']);
  await watch.until(({ stdout }) => stdout !== '');
  watch.child.kill('SIGINT');
  expect(await watch.ended).toMatchObject({ code: 0, signal: null });
  expect((await run('list')).stdout).toContain('BTCUSDT above 99000');
});
