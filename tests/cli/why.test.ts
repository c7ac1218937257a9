import { beforeEach, describe, expect, test } from '@jest/globals';
import { openTestLaptop } from '../support/laptop.js';
import { oneForEach } from '../support/lifetime.js';

const laptop = oneForEach(openTestLaptop);
const header = 'id,symbol,condition,price,exchange,active,repeat,expires,notes';
const write = (...rows: string[]) => laptop.write('alerts.csv', `${[header, ...rows].join('\n')}\n`);
const check = () => laptop.runHere('check');

async function why(target: string): Promise<string> {
  const { stdout, stderr } = await laptop.runHere('why', target);
  return stdout + stderr;
}

beforeEach(() => {
  const { market } = laptop.simulators;
  market.list('binance', 'BTCUSDT', { price: '94000.00', high24h: '99000', low24h: '90000' });
  market.list('bybit', 'BTCUSDT', { price: '94000.00' });
});

describe('why', () => {
  test('tells of an armed alert its price, how far it is, what is asked, and that it stays silent', async () => {
    await write('far,BTCUSDT,above,188000,binance,,,,', 'near,BTCUSDT,above,95000,binance,,,,');
    await check();
    await check();
    const far = await why('far');
    expect(far).toContain('BTCUSDT above 188000 (row 2, id far, of default)\nIt is armed since ');
    expect(far).toMatch(
      /binance:BTCUSDT trades at 94000.00 at \d\d:\d\d UTC, the day's range 90000.00 to 99000.00; the target is 100 % away/,
    );
    expect(far).toContain('It stays silent: its condition was not met in that time.');
    expect(far).toMatch(/The last check was at .*the last two were \d+ s apart/);
    expect(await why('3')).toContain('BTCUSDT above 95000 (row 3, id near, of default)');
  });

  test.each([
    { row: 'a,BTCUSDT,above,95000,,FALSE,,,', says: 'It is paused: active is FALSE in its row. TRUE arms it.' },
    { row: 'a,NOPEUSDT,above,95000,,,,,', says: 'the exchange does not list this symbol' },
    { row: 'a,NOPEUSDT,above,95000,,,,,', says: 'It stays silent: no exchange gave a price.' },
    { row: 'a,BTCUSDT,above,93000,binance,,,,', says: 'It has fired at ' },
    { row: 'a,BTCUSDT,above,93000,binance,,4h,,', says: 'It has fired and waits until ' },
    { row: 'a,BTCUSDT,above,93000,binance,,back,,', says: 'is armed again when the price was back on the other side' },
    { row: 'a,BTCUSDT,above,93000,binance,,,,', says: 'Its last fire: 94000.00 at ' },
    { row: 'a,BTCUSDT,above,93000,binance,,,,', says: '(terminal accepted).' },
  ])('of $row says "$says"', async ({ row, says }) => {
    await write(row);
    await check();
    expect(await why('a')).toContain(says);
  });

  test('of a row that no check has seen says what the next one does', async () => {
    await write('a,BTCUSDT,above,93000,binance,,,,');
    const told = await why('2');
    expect(told).toContain('No check has seen its row yet; the next one arms it.');
    expect(told).toContain('The next check fires it: 94000.00 was reached at ');
    expect(told).toContain('There was no check yet.');
    expect(await laptop.runHere('list')).toMatchObject({
      stdout: 'No alerts are stored yet. Run: trading-alerts check\n',
    });
  });

  test('of a wrong row says what to write, and of the alert that stood there what becomes of it', async () => {
    await write('a,BTCUSDT,above,95000,,,,,');
    await check();
    await write('a,BTCUSDT,above,"95,000",,,,,', 'b,BTCUSDT,abov,1,,,,,');
    const kept = await laptop.runHere('why', '2');
    expect(kept.code).toBe(1);
    expect(kept.stdout).toMatch(/^Row 2 is wrong, so it is not watched as it stands: price: .*write 95000 or 95.000/);
    expect(kept.stdout).toContain('BTCUSDT above 95000 (row 2, id a, of default)\nIt is armed since ');
    const alone = await laptop.runHere('why', 'b', '--json');
    expect(JSON.parse(alone.stdout)).toMatchObject({ row: 3, error: expect.stringContaining('abov') });
  });

  test('of a row that has gone, and of nothing', async () => {
    await write('a,BTCUSDT,above,95000,,,,,', 'b,BTCUSDT,above,96000,,,,,');
    await check();
    await write('b,BTCUSDT,above,96000,,,,,');
    await check();
    expect(await why('a')).toContain('(no row, id a, of default)\nIts row left the sheet at ');
    const nothing = await laptop.runHere('why', 'nobody');
    expect(nothing).toMatchObject({ code: 1, stdout: '' });
    expect(nothing.stderr).toContain('there is no alert "nobody"; trading-alerts list names those that are stored');
  });

  test('for programs is one JSON document', async () => {
    await write('a,BTCUSDT,above,95000,binance,,,,');
    await check();
    const { code, stdout } = await laptop.runHere('why', 'a', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ id: 'a', row: 2, isStored: true, status: 'pending', active: true, error: null },
      seen: { market: 'binance:BTCUSDT', price: '94000.00000000', distance: expect.closeTo(1.0638, 3) },
      foreseen: { kind: 'silent', reason: expect.stringMatching(/not-touched|no-evidence/) },
      lastFire: null,
    });
  });

  test('asks the channels nothing and writes nothing', async () => {
    await write('a,BTCUSDT,above,93000,binance,,,,');
    const { traffic } = laptop.simulators;
    const before = traffic.pushover.requests.length;
    await why('a');
    expect(traffic.pushover.requests).toHaveLength(before);
    expect((await laptop.runHere('history')).stdout).toBe('Nothing happened in that time.\n');
  });
});

describe('history', () => {
  beforeEach(async () => {
    await write('a,BTCUSDT,above,93000,binance,,,,', 'b,BTCUSDT,above,96000,binance,,,,');
    await check();
    await write('a,BTCUSDT,above,93000,binance,,,,', 'b,BTCUSDT,above,96000,binance,FALSE,,,');
    await check();
  });

  test('is a table for people, with the zone of its times', async () => {
    laptop.environment.TIME_ZONE = 'Asia/Kolkata';
    const { code, stdout } = await laptop.runHere('history');
    const [head = '', ...lines] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(head).toMatch(/^WHEN +WHAT +ALERT +USER +NAME +ID +DETAILS/);
    expect(lines.map((line) => line.split(/ {2,}/)[1]).toSorted()).toEqual(['created', 'created', 'fired', 'paused']);
    expect(lines.find((line) => line.includes('fired'))).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\+5:30 +fired +BTCUSDT above 93000 .* 94000.00 on binance:BTCUSDT at .*; terminal accepted$/,
    );
  });

  test('is of one alert, by its row or its id, or of one user, and of a stretch of time', async () => {
    const kinds = async (...words: string[]) => {
      const { stdout, stderr } = await laptop.runHere('history', '--json', ...words);
      if (stdout === '') throw new Error(stderr);
      return (JSON.parse(stdout) as { what: string }[]).map(({ what }) => what);
    };
    expect(await kinds('--alert', 'b')).toEqual(['created', 'paused']);
    expect(await kinds('--alert', '3', '--since', '1h')).toEqual(['created', 'paused']);
    expect(await kinds('--user', 'nobody')).toEqual([]);
    expect(await kinds('--since', '2099-01-01')).toEqual([]);
    const unknown = await laptop.runHere('history', '--alert', '9');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('row 9: there is no alert in it; give the id of the alert instead');
    expect((await laptop.runHere('history', '--since', 'yesterday')).stderr).toContain(
      'expected a time such as 12h, 7d',
    );
  });

  test('is a CSV table for a sheet', async () => {
    const { stdout } = await laptop.runHere('history', '--csv', '--alert', 'a');
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toBe(
      'at,what,alert_id,user_id,name,symbol,condition,target_price,market,price,touched_at,delivered_at,channels,acknowledged_at,fields',
    );
    const fired = lines.find((line) => line.includes(',fired,'));
    expect(fired).toMatch(
      /^\d{4}.*Z,fired,a,default,,BTCUSDT,above,93000,binance:BTCUSDT,94000.00000000,.*Z,.*Z,terminal accepted,,$/,
    );
  });
});
