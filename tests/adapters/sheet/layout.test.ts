import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { createCsvLayout } from '../../../src/adapters/sheet/csv-layout.js';
import { createGoogleEditor } from '../../../src/adapters/sheet/google-editor.js';
import { createGoogleLayout } from '../../../src/adapters/sheet/google-layout.js';
import { answerTitles } from '../../../src/domain/answer-columns.js';
import { newHeader } from '../../../src/domain/edit/new-sheet.js';
import { readRows } from '../../../src/domain/rows.js';
import { lookOf, typedOf } from '../../../src/simulators/google/state.js';
import { reading } from '../../support/builders.js';
import { startTestGoogle } from '../../support/google-sheet.js';
import { oneForAll, oneForEach, openFolder } from '../../support/lifetime.js';

const google = oneForAll(startTestGoogle);
const layout = () => createGoogleLayout({ ...google.access, usersTab: 'Users' });
const header = () => (google.rows()[0] ?? []).map(typedOf);
const look = () => lookOf(google.state, 'Alerts');

describe('a new Google sheet', () => {
  test.each([
    { name: 'an empty tab', rows: [] },
    { name: 'a tab of blanks', rows: [[''], ['', '']] },
    { name: 'no tab of that name', rows: undefined },
  ])('in $name is usable after one request', async ({ rows }) => {
    google.reset(rows ?? []);
    if (rows === undefined) google.state.tabs.delete('Alerts');
    expect(await layout().setUp()).toEqual({
      ok: true,
      value: [
        'the tab "Alerts" has its columns, what to choose from, colours, and an example that is paused',
        'the tab "Users" has its columns',
      ],
    });
    expect(google.calls()).toEqual(['GET ', 'POST :batchUpdate']);
    expect(header()).toEqual(newHeader);
    const table = google.rows().map((row) => row.map(typedOf));
    const read = readRows(table, reading());
    expect(read).toMatchObject({ ok: true, value: { errors: [], warnings: [], specs: [{ active: false }] } });
    expect(google.state.tabs.get('Users')).toEqual([
      ['user_id', 'time_zone', 'quiet', 'notify'].map((typed) => expect.objectContaining({ typed })),
    ]);
    expect(look()).toMatchObject({ frozenRowCount: 1, conditionalFormats: { length: 8 } });
    const rules = look().validations.map(({ rule }) => (rule as { condition: { type: string } }).condition.type);
    expect(rules.toSorted()).toEqual(['BOOLEAN', ...Array.from({ length: 5 }, () => 'ONE_OF_LIST')]);
  });

  test('is set up once: what is there stays, and no colour stands twice', async () => {
    google.reset([]);
    await layout().setUp();
    const before = structuredClone(google.rows());
    expect(await layout().setUp()).toEqual({
      ok: true,
      value: ['the tab "Alerts" is set up already', 'the tab "Users" is there already'],
    });
    expect(google.rows()).toEqual(before);
    expect(look().conditionalFormats.length).toBe(8);
  });

  test('takes alerts below the example', async () => {
    google.reset([]);
    await layout().setUp();
    const added = await createGoogleEditor(google.access).append(
      { symbol: 'SOLUSDT', condition: 'above', price: '5' },
      { reading: reading(), stored: undefined },
    );
    expect(added).toMatchObject({ ok: true, value: { row: 3 } });
  });

  test("is not made of somebody's own tab, nor with a viewer's share", async () => {
    google.reset([['Shopping list'], ['milk']]);
    expect(await layout().setUp()).toMatchObject({ error: { kind: 'not-empty' } });
    expect(google.rows()).toEqual([['Shopping list'], ['milk']]);
    google.reset([]);
    google.state.access = 'viewer';
    expect(await layout().setUp()).toMatchObject({ error: { kind: 'not-editor' } });
    expect([...google.state.tabs.keys()]).toEqual(['Alerts']);
  });

  test('whose answer was lost is found by a read', async () => {
    google.reset([]);
    google.traffic.fault = ({ method, path }) =>
      method === 'POST' && path !== '/token' ? { outcome: 'lose-answer' } : undefined;
    expect(await layout().setUp()).toMatchObject({ ok: true });
    expect(google.calls()).toEqual(['GET ', 'POST :batchUpdate', 'GET ']);
  });
});

describe('columns', () => {
  test('that are missing come after the last one that holds anything, and only they are written', async () => {
    google.reset([
      ['symbol', 'condition', 'price', 'Status'],
      ['BTCUSDT', 'above', 1, '', '', 'mine'],
    ]);
    expect(await layout().addColumns(answerTitles)).toEqual({ ok: true, value: answerTitles.slice(1) });
    expect(google.rows()).toEqual([
      ['symbol', 'condition', 'price', 'Status', '', '', ...answerTitles.slice(1)],
      ['BTCUSDT', 'above', 1, '', '', 'mine'],
    ]);
    google.traffic.requests.length = 0;
    expect(await layout().addColumns(answerTitles)).toEqual({ ok: true, value: [] });
    expect(google.calls()).toEqual(['GET ']);
  });

  test('find room where the grid ends', async () => {
    google.reset([['symbol', 'condition', 'price', ...Array.from({ length: 23 }, (_, index) => `own ${index}`)]]);
    expect(await layout().addColumns(['id'])).toEqual({ ok: true, value: ['id'] });
    expect(header()[26]).toBe('id');
  });

  test('are told of where a person moved others meanwhile', async () => {
    google.reset([['symbol', 'condition', 'price']]);
    google.before(2, () => google.rows()[0]?.splice(0, 0, 'new'));
    expect(await layout().addColumns(['id'])).toMatchObject({
      error: { kind: 'look', remedy: expect.stringContaining('it said: symbol, condition, price') },
    });
  });
});

describe('a CSV file', () => {
  const folder = oneForEach(openFolder);

  test('that is not there is made, with one for the users, and again changes nothing', async () => {
    const path = folder.pathOf('alerts.csv');
    const { setUp } = createCsvLayout(path);
    expect(await setUp()).toMatchObject({ ok: true, value: [expect.stringContaining('an example'), /users/] });
    const [text, users] = [await readFile(path, 'utf8'), await readFile(folder.pathOf('users.csv'), 'utf8')];
    expect(text.split('\n')[0]).toBe(newHeader.join(','));
    expect(users).toBe('user_id,time_zone,quiet,notify\n');
    expect(await setUp()).toMatchObject({ ok: true, value: [`${path} is set up already`, expect.any(String)] });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('of something else is left alone', async () => {
    const path = folder.pathOf('alerts.csv');
    await writeFile(path, 'date,amount\n');
    expect(await createCsvLayout(path).setUp()).toMatchObject({ error: { kind: 'not-empty' } });
    expect(await readFile(path, 'utf8')).toBe('date,amount\n');
  });

  test('gets columns in its first line alone', async () => {
    const path = folder.pathOf('alerts.csv');
    await writeFile(path, 'symbol;condition;price\r\nBTCUSDT;above;1;mine\r\n');
    expect(await createCsvLayout(path).addColumns(['id', 'price'])).toEqual({ ok: true, value: ['id'] });
    expect(await readFile(path, 'utf8')).toBe('symbol;condition;price;;id\r\nBTCUSDT;above;1;mine\r\n');
  });
});
