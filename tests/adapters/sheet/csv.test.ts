import { describe, expect, test } from '@jest/globals';
import { createCsvSheet } from '../../../src/adapters/sheet/csv.js';
import { readRows } from '../../../src/domain/rows.js';
import { reading as readWith } from '../../support/builders.js';
import { oneForAll, openFolder } from '../../support/lifetime.js';

const folder = oneForAll(openFolder);
const path = () => folder.pathOf('alerts.csv');

async function reading(content: string | Buffer) {
  await folder.write('alerts.csv', content);
  return createCsvSheet(path()).read();
}

const table = [
  ['symbol', 'condition', 'price'],
  ['BTCUSDT', 'above', '95000.10'],
];

describe('a file is read as a table', () => {
  test.each([
    { name: 'commas', content: 'symbol,condition,price\nBTCUSDT,above,95000.10\n', value: table },
    { name: 'semicolons', content: 'symbol;condition;price\nBTCUSDT;above;95000.10\n', value: table },
    { name: 'tabs', content: 'symbol\tcondition\tprice\nBTCUSDT\tabove\t95000.10\n', value: table },
    {
      name: 'bars, with spaces around them',
      content: 'symbol | condition | price\nBTCUSDT | above | 95000.10',
      value: [
        ['symbol ', ' condition ', ' price'],
        ['BTCUSDT ', ' above ', ' 95000.10'],
      ],
    },
    {
      name: 'semicolons, and commas within quoted names',
      content: 'symbol;price;"notes, one, two, three"\nBTCUSDT;95000;"a;b"',
      value: [
        ['symbol', 'price', 'notes, one, two, three'],
        ['BTCUSDT', '95000', 'a;b'],
      ],
    },
    { name: 'a byte order mark', content: '\uFEFFsymbol,condition,price\nBTCUSDT,above,95000.10', value: table },
    { name: 'Windows line ends', content: 'symbol,condition,price\r\nBTCUSDT,above,95000.10\r\n', value: table },
    { name: 'old Mac line ends', content: 'symbol,condition,price\rBTCUSDT,above,95000.10\r', value: table },
    {
      name: 'mixed line ends and blank lines, which keep their place',
      content: 'symbol,price\r\n\r\nBTCUSDT,1\n\n\nETHUSDT,2\r\n',
      value: [['symbol', 'price'], [], ['BTCUSDT', '1'], [], [], ['ETHUSDT', '2']],
    },
    {
      name: 'rows of different lengths',
      content: 'symbol,price,notes\nBTCUSDT,1\nETHUSDT,2,x,y\n',
      value: [
        ['symbol', 'price', 'notes'],
        ['BTCUSDT', '1'],
        ['ETHUSDT', '2', 'x', 'y'],
      ],
    },
    {
      name: 'quotes, commas and line breaks within quoted cells',
      content: 'symbol,notes\nBTCUSDT,"say ""now"", then\nwait"\n',
      value: [
        ['symbol', 'notes'],
        ['BTCUSDT', 'say "now", then\nwait'],
      ],
    },
    {
      name: 'every cell as the text it is',
      content: 'symbol,price,active\nBTCUSDT,1e5,TRUE\n,007,',
      value: [
        ['symbol', 'price', 'active'],
        ['BTCUSDT', '1e5', 'TRUE'],
        ['', '007', ''],
      ],
    },
    { name: 'one column', content: 'symbol\nBTCUSDT\n', value: [['symbol'], ['BTCUSDT']] },
    { name: 'nothing', content: '', value: [] },
  ])('$name', async ({ content, value }) => {
    expect(await reading(content)).toEqual({ ok: true, value });
  });

  test('and its row numbers are the line numbers of the file', async () => {
    const read = await reading('symbol|condition|price\n\nBTCUSDT|above|95000\n\nETHUSDT|over|1\n');
    const rows = read.ok ? readRows(read.value, readWith()) : read;
    expect(rows.ok && rows.value.errors.map(({ row }) => row)).toEqual([5]);
  });
});

const insideCell = 'a quote (") stands inside a cell';
const wholeCell = 'put the whole cell in quotes, without spaces around them, and write each quote within it twice';

describe('a failure is told with what to do', () => {
  test.each<{ name: string; content: string; problem: string; remedy?: string }>([
    {
      name: 'a quote within a bare cell',
      content: 'symbol,notes\n\nBTCUSDT,5" up\n',
      problem: `line 3: ${insideCell}`,
      remedy: wholeCell,
    },
    {
      name: 'a space before the quotes',
      content: 'symbol,notes\r\nBTCUSDT, "a, b"\r\n',
      problem: `line 2: ${insideCell}`,
      remedy: wholeCell,
    },
    {
      name: 'text after the quotes',
      content: 'symbol,notes\nBTCUSDT,"a" b\n',
      problem: `line 2: ${insideCell}`,
      remedy: wholeCell,
    },
    {
      name: 'a quote that is never closed, by the line where it is opened',
      content: '\uFEFFsymbol,notes\r\nЭФИР,"a\r\nb"\r\nBTCUSDT,"c\r\nETHUSDT,d\r\n\r\nSOLUSDT,e\r\n',
      problem: 'line 4: a quote (") is opened and never closed',
    },
    {
      name: 'a quote in the first line that is never closed',
      content: '"symbol,notes\nBTCUSDT,a\n',
      problem: 'line 1: a quote (") is opened and never closed',
    },
  ])('$name', async ({ content, problem, remedy }) => {
    expect(await reading(content)).toEqual({
      ok: false,
      error: { kind: 'bad-response', message: `${path()}, ${problem}`, ...(remedy && { remedy }) },
    });
  });

  test.each([
    { name: 'UTF-16, as Excel calls it "Unicode text"', content: Buffer.from('\uFEFFsymbol\tprice\n', 'utf16le') },
    { name: 'Windows-1251', content: Buffer.from([0x73, 0x2c, 0xe2, 0xfb, 0xf8, 0xe5]) },
  ])('$name', async ({ content }) => {
    expect(await reading(content)).toEqual({
      ok: false,
      error: {
        kind: 'bad-response',
        message: `${path()} is not text in UTF-8`,
        remedy: `in the spreadsheet program, save it as "CSV UTF-8"`,
      },
    });
  });

  test('no such file', async () => {
    expect(await createCsvSheet('absent.csv').read()).toEqual({
      ok: false,
      error: {
        kind: 'no-such-sheet',
        message: 'there is no file absent.csv',
        remedy: 'name a CSV file with the columns symbol, condition and price with --sheet',
      },
    });
  });

  test('a folder in place of a file', async () => {
    expect(await createCsvSheet(folder.path).read()).toEqual({
      ok: false,
      error: {
        kind: 'no-such-sheet',
        message: `${folder.path} cannot be read (EISDIR)`,
        remedy: `name a CSV file with the columns symbol, condition and price with --sheet`,
      },
    });
  });
});

describe('the users’ file', () => {
  const users = () => folder.pathOf('users.csv');
  const both = (isNamed: boolean) => createCsvSheet(path(), { path: users(), isNamed }).users?.readWithAlerts();
  const absent = (kind: string) => ({ ok: false, error: { kind, message: `there is no file ${users()}` } });

  test('need not be there, unless somebody named it', async () => {
    await folder.write('alerts.csv', 'symbol,condition,price\nBTCUSDT,above,95000.10\n');
    expect(await both(false)).toEqual({ ok: true, value: { alerts: table, users: absent('no-such-tab') } });
    const remedy = 'name a CSV file with the column user_id with --users, or leave it out';
    expect(await both(true)).toEqual({
      ok: true,
      value: { alerts: table, users: { ok: false, error: { ...absent('no-such-sheet').error, remedy } } },
    });
  });

  test('is read with the alerts', async () => {
    await folder.write('users.csv', 'user_id;quiet\ndmitry;23:00-07:00\n');
    const value = [
      ['user_id', 'quiet'],
      ['dmitry', '23:00-07:00'],
    ];
    expect(await both(false)).toEqual({ ok: true, value: { alerts: table, users: { ok: true, value } } });
  });

  test('that is broken leaves the alerts alone', async () => {
    await folder.write('users.csv', 'user_id,quiet\n"dmitry,23:00-07:00\n');
    expect(await both(false)).toMatchObject({
      ok: true,
      value: { alerts: table, users: { ok: false, error: { kind: 'bad-response' } } },
    });
  });
});
