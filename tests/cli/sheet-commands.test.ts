import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { lookOf, typedOf } from '../../src/simulators/google/state.js';
import { openTestLaptop } from '../support/laptop.js';
import { oneForEach } from '../support/lifetime.js';

const laptop = oneForEach(openTestLaptop);
const header = 'symbol,condition,price,user_id,active,repeat,name,id';
const file = () => readFile(join(laptop.folder, 'alerts.csv'), 'utf8');

describe('on a CSV file', () => {
  beforeEach(() => laptop.write('alerts.csv', `${header}\nBTCUSDT,above,95000,,,,,own\n`));

  test('an alert is added, paused, resumed and removed, by its row or its id', async () => {
    const added = await laptop.runHere('add', 'ETHUSDT', 'falls from high', '7%', '--repeat', '4h', '--name', 'Trail');
    const [, id = ''] = /\((.*)\)/.exec(added.stdout) ?? [];
    expect(added).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `row 3, ETHUSDT falls from high 7% (${id}): added; the next check arms it\n`,
    });
    const row = `ETHUSDT,falls from high,7%,,TRUE,4h,Trail,${id}`;
    expect(await file()).toBe(`${header}\nBTCUSDT,above,95000,,,,,own\n${row}\n`);
    expect((await laptop.runHere('pause', id)).stdout).toContain('paused from the next check on');
    expect((await laptop.runHere('pause', '2')).stdout).toContain('row 2, BTCUSDT above 95000 (own): paused');
    expect((await laptop.runHere('pause', '2')).stdout).toContain('is paused already');
    expect((await laptop.runHere('resume', 'own')).stdout).toContain('resumed');
    const removed = await laptop.runHere('remove', '3', '--json');
    expect(JSON.parse(removed.stdout)).toMatchObject({ row: 3, id, isChanged: true });
    expect(await file()).toBe(`${header}\nBTCUSDT,above,95000,,TRUE,,,own\n`);
  });

  test.each([
    {
      words: ['add', 'BTCUSDT above 95,001'],
      says: 'price: expected a plain number, got "95,001"; write 95001 or 95.001',
    },
    {
      words: ['add', 'BTCUSDT above 1', '--notes', 'x'],
      says: 'the sheet has no column "notes"; add it: trading-alerts sheet columns notes',
    },
    { words: ['pause', 'nobody'], says: 'there is no row of the alert "nobody"' },
    { words: ['pause', '2', '--region', 'eu-central-1'], says: 'are for --sheet google' },
  ])('$words.1 is refused with words', async ({ words, says }) => {
    const before = await file();
    const ended = await laptop.runHere(...words);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(says);
    expect(await file()).toBe(before);
  });

  test('every row is looked at, and nothing is written', async () => {
    const good = await laptop.runHere('sheet', 'check');
    expect(good).toMatchObject({ code: 0, stdout: 'row 2  BTCUSDT above 95000  good\n1 row, none wrong\n' });
    await laptop.write('alerts.csv', `${header}\nBTCUSDT,above,95000,,,,,own\nETHUSDT,higher,1,,,,,\n`);
    await laptop.write('users.csv', 'user_id,time_zone\nanna,Katmandu\n');
    const before = await file();
    const wrong = await laptop.runHere('sheet', 'check', '--json');
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      rows: [
        { row: 2, id: 'own', alert: 'BTCUSDT above 95000' },
        { row: 3, alert: 'ETHUSDT higher 1', error: expect.stringContaining('condition: expected one of') },
      ],
      users: [{ row: 2, error: expect.stringContaining('users.csv: time_zone') }],
    });
    expect(await file()).toBe(before);
  });

  test('columns are added by name, and nonsense is none', async () => {
    expect((await laptop.runHere('sheet', 'columns', 'Notes', 'id')).stdout).toBe('added: notes\n');
    expect((await laptop.runHere('sheet', 'columns')).stdout).toContain('added: status, last price');
    expect((await laptop.runHere('sheet', 'columns')).stdout).toBe('every column is there already\n');
    expect(await laptop.runHere('sheet', 'columns', 'colour')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('got "colour"'),
    });
  });
});

test('a check answers in the file, and the next one leaves it as it is', async () => {
  const head = 'symbol,condition,price,status,last price,distance,times,answer\n';
  await laptop.write('alerts.csv', `${head}BTCUSDT,above,110000\n# later\nBTCUSDT,above,dear,armed,1,1,1,\n`);
  laptop.simulators.market.list('binance', 'BTCUSDT', { price: '100000' });
  const first = await laptop.runHere('check');
  expect(first.stdout).toContain('Answers  9 cells written');
  const answered = await file();
  expect(answered).toMatch(
    /^.*\nBTCUSDT,above,110000,armed,100000,10,0\n# later\nBTCUSDT,above,dear,wrong,,,,"?price: /,
  );
  expect((await laptop.runHere('check')).stdout).not.toContain('Answers');
  expect(await file()).toBe(answered);
});

test('sheet init makes a file that a check can read', async () => {
  expect(await laptop.runHere('sheet', 'init')).toMatchObject({ code: 0, stderr: '' });
  expect(await laptop.runHere('check', '--dry-run')).toMatchObject({ code: 0 });
});

describe('on the Google sheet', () => {
  const google = ['--sheet', 'google'];
  beforeEach(() => laptop.write('secrets.json', JSON.stringify(laptop.simulators.secret)));

  test('it is set up, edited and checked', async () => {
    const { tabs } = laptop.simulators.google;
    tabs.set('Alerts', []);
    expect(await laptop.runHere('sheet', 'init', ...google)).toMatchObject({ code: 0, stderr: '' });
    expect(await laptop.runHere('add', 'ETHUSDT below 2500', '--user', 'dmitry', ...google)).toMatchObject({ code: 0 });
    expect(await laptop.runHere('pause', '3', ...google)).toMatchObject({ code: 0 });
    expect(tabs.get('Alerts')?.[2]?.slice(0, 6).map(typedOf)).toEqual(['ETHUSDT', 'below', 2500, 'dmitry', '', false]);
    const checked = await laptop.runHere('sheet', 'check', ...google);
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('2 rows, none wrong') });
    const { google: seen } = laptop.simulators;
    const scopes = [...seen.tokens.values()].map((scope) => scope.replace(/^.*auth\//, ''));
    expect(scopes).toEqual(['spreadsheets', 'spreadsheets', 'spreadsheets', 'spreadsheets.readonly']);
  });

  test('what it may not do is told with the remedy', async () => {
    lookOf(laptop.simulators.google, 'Alerts').protectedRanges.push({ protectedRangeId: 1, range: {} });
    const ended = await laptop.runHere('add', 'BTCUSDT above 1', ...google);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Protect sheets and ranges') });
  });
});
