import { beforeEach, describe, expect, test } from '@jest/globals';
import { createTraffic } from '../../src/simulators/faults.js';
import { type GoogleState, googleSimulator } from '../../src/simulators/google/google.js';
import { deleteRows, insertRows, sortRows } from '../../src/simulators/google/rows.js';
import { lookOf, typedOf } from '../../src/simulators/google/state.js';
import { captured, testCaptured } from '../support/captured.js';
import { fakeServiceAccount } from '../support/fake-secret.js';
import { createClock } from './support.js';

const { account, publicKey } = fakeServiceAccount();
const state: GoogleState = {
  spreadsheetId: 'the-sheet',
  tabs: new Map(),
  looks: new Map(),
  account: { clientEmail: account.client_email, publicKey },
  access: 'shared',
  tokens: new Map([
    ['editor', 'https://www.googleapis.com/auth/spreadsheets'],
    ['reader', 'https://www.googleapis.com/auth/spreadsheets.readonly'],
  ]),
};
const app = googleSimulator(state, createTraffic());
beforeEach(() => {
  state.access = 'shared';
  delete state.quota;
  state.tabs.clear();
  state.looks.clear();
  state.tabs.set('Sheet1', [
    ['a', 'b', 'c'],
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

const rows = () => (state.tabs.get('Sheet1') ?? []).map((row) => row.map(typedOf));

async function ask(path: string, body?: unknown, token = 'editor') {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${token}` };
  const response = await app.request(`http://simulated/v4/spreadsheets/the-sheet${path}`, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}
const batch = (...requests: object[]) => ask(':batchUpdate', { requests });
const write = (range: string, values: unknown, valueInputOption = 'RAW') =>
  ask('/values:batchUpdate', { valueInputOption, data: [{ range, values }] });

/** A recording's request is sent to the simulator; the answer has to be the recorded one, but for the spreadsheet's id. */
function testReplayed(file: string, names: { path: string; body: 'body' | 'json' }) {
  testCaptured(`it answers as ${file}`, [`google_sheets/${file}`], async () => {
    const real = captured(`google_sheets/${file}`);
    const { status, body } = await ask(names.path, real.request[names.body] as object);
    const text = JSON.stringify(body).replaceAll('the-sheet', 'ID');
    const id = /spreadsheets\/([^/:?]+)/.exec(real.url)?.[1] ?? '';
    expect({ status, body: JSON.parse(text) }).toEqual({
      status: real.status,
      body: JSON.parse(real.text.replaceAll(id, 'ID')),
    });
  });
}

describe('what was recorded', () => {
  testReplayed('values_batchUpdate_POST_200.json', { path: '/values:batchUpdate', body: 'json' });
  for (const file of [
    'updateCells_200.json',
    'deleteDimension_ROWS_200.json',
    'insertDimension_ROWS_200.json',
    'repeatCell_format_200.json',
  ]) {
    testReplayed(file, { path: ':batchUpdate', body: 'body' });
  }

  for (const file of ['addProtectedRange_200.json', 'addProtectedRange_warningOnly_200.json']) {
    testCaptured(`a protection is made as ${file}`, [`google_sheets/${file}`], async () => {
      const real = captured(`google_sheets/${file}`);
      const { status, body } = await ask(':batchUpdate', real.request.body);
      const plain = (text: string) =>
        JSON.parse(
          text.replace(/"protectedRangeId":\d+/, '"protectedRangeId":0').replace(/"spreadsheetId":"[^"]+",/, ''),
        );
      expect({ status, body: plain(JSON.stringify(body)) }).toEqual({ status: real.status, body: plain(real.text) });
    });
  }

  for (const file of ['batchUpdate_400_whole_request_refused.json', 'batchUpdate_POST_400.json']) {
    testCaptured(`a request is refused as in ${file}`, [`google_sheets/${file}`], async () => {
      const real = captured(`google_sheets/${file}`);
      expect(await ask(':batchUpdate', real.request.body ?? real.request.json)).toEqual({
        status: real.status,
        body: JSON.parse(real.text),
      });
    });
  }

  for (const file of [
    'values_get_200_FORMATTED_VALUE.json',
    'values_get_200_FORMULA.json',
    'values_get_200_UNFORMATTED_VALUE.json',
    'values_get_200_duplicate_headers.json',
    'values_get_200_empty_no_values_key.json',
    'values_get_200_grid.json',
    'values_get_after_nulls_200.json',
  ]) {
    testCaptured(`the same cells are read as in ${file}`, [`google_sheets/${file}`], async () => {
      const real = captured(`google_sheets/${file}`);
      const { range, values = [], ...rest } = JSON.parse(real.text);
      const path = /spreadsheets\/[^/]+(\/.*)/.exec(real.url)?.[1] ?? '';
      const tab = range.replace(/!.*$/, '').replace(/^'|'$/g, '');
      state.tabs.clear();
      state.tabs.set(tab, structuredClone(values));
      const { status, body } = await ask(path);
      // A tab as a whole is as large as it was made.
      const shown = path.includes('%21') ? { range } : { range: expect.stringMatching(/A1:[A-Z]+\d+$/) };
      expect({ status, body }).toEqual({
        status: real.status,
        body: { ...rest, ...shown, ...(values.length > 0 && { values }) },
      });
    });
  }

  const described = 'google_sheets/spreadsheets_get_200.json';
  testCaptured('a spreadsheet and its tab are described as they were', [described], async () => {
    const real = JSON.parse(captured(described).text);
    const { body } = await ask('?includeGridData=false');
    expect(Object.keys(body)).toEqual(Object.keys(real));
    expect(body.sheets).toEqual(real.sheets);
  });

  const noList = 'google_sheets/values_update_PUT_400.json';
  testCaptured('values that are no list are refused with the field', [noList], async () => {
    const real = captured(noList);
    const { values } = real.request.json as { values: unknown };
    const { status, body } = await write('A1', values);
    // There the values are in the body itself, here in one of several ranges.
    const inBody = JSON.parse(JSON.stringify(body).replaceAll('data[0].values', 'data.values'));
    expect({ status, body: inBody }).toEqual({ status: real.status, body: JSON.parse(real.text) });
  });

  const one = 'google_sheets/values_update_PUT_200.json';
  testCaptured('one cell is counted as it was', [one], async () => {
    const real = captured(one);
    const { values } = real.request.json as { values: unknown };
    const { body } = await write("'Sheet1'!B1", values, 'USER_ENTERED');
    expect(body.responses).toEqual([{ ...JSON.parse(real.text), spreadsheetId: 'the-sheet' }]);
  });

  const nulls = 'google_sheets/values_update_PUT_nulls_skip_200.json';
  testCaptured('a null leaves a cell alone, and is not counted', [nulls], async () => {
    const real = captured(nulls);
    const { values } = real.request.body as { values: unknown[][] };
    state.tabs.set(
      'Sheet1',
      values.map((row) => row.map(() => 'kept')),
    );
    const { body } = await write("'Sheet1'!A1:D6", values);
    const { spreadsheetId: _, ...counted } = JSON.parse(real.text);
    expect((body.responses as unknown as object[])[0]).toMatchObject(counted);
    expect(
      rows()
        .flat()
        .filter((cell) => cell === 'kept').length,
    ).toBe(22);
  });

  const formulas = 'google_sheets/values_get_200_FORMULA.json';
  testCaptured('formulas are read as they were typed', [formulas], async () => {
    const real = JSON.parse(captured(formulas).text);
    state.tabs.set('Sheet1', real.values);
    const { body } = await ask("/values/'Sheet1'!A1:D2?valueRenderOption=FORMULA");
    expect(body).toEqual(real);
  });

  const protection = 'google_sheets/error_400_protected_range.json';
  testCaptured('a protected cell refuses the whole request', [protection], async () => {
    const real = captured(protection);
    lookOf(state, 'Sheet1').protectedRanges.push({ protectedRangeId: 1, range: { startRowIndex: 2, endRowIndex: 3 } });
    const cell = (row: number) => ({
      updateCells: { start: { rowIndex: row }, rows: [{ values: [{}] }], fields: '*' },
    });
    const refused = [
      await batch(cell(0), cell(2)),
      await batch({ deleteDimension: { range: { dimension: 'ROWS', startIndex: 2, endIndex: 3 } } }),
      await ask('/values:batchUpdate', {
        valueInputOption: 'RAW',
        data: [
          { range: 'A1', values: [['x']] },
          { range: 'A3', values: [['x']] },
        ],
      }),
    ];
    for (const { status, body } of refused) {
      expect({ status, body }).toEqual({ status: real.status, body: JSON.parse(real.text) });
    }
    expect(rows()).toEqual([
      ['a', 'b', 'c'],
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  const listed = 'google_sheets/spreadsheets_get_with_protectedRanges_200.json';
  testCaptured('protections are listed without a sheetId of 0', [listed], async () => {
    const real = JSON.parse(captured(listed).text).sheets[0].protectedRanges[0];
    await batch({ addProtectedRange: { protectedRange: { range: { ...real.range, sheetId: 0 } } } });
    const { body } = await ask('');
    const [sheet] = body.sheets as unknown as { protectedRanges: object[] }[];
    const [users, id] = [[account.client_email], expect.any(Number)];
    expect(sheet?.protectedRanges).toEqual([{ ...real, protectedRangeId: id, editors: { users } }]);
    // Who is kept out is not told who is let in.
    lookOf(state, 'Sheet1').protectedRanges.splice(0, 1, { protectedRangeId: 1, range: real.range });
    const kept = (await ask('')).body.sheets as unknown as { protectedRanges: object[] }[];
    expect(kept[0]?.protectedRanges).toEqual([{ protectedRangeId: 1, range: real.range }]);
  });
});

describe('a write', () => {
  test('of raw text stays text, an empty one empties, and a typed one is read', async () => {
    await write('A2:C2', [['=B3*2', '', '3%']]);
    await write('A3:C3', [['=B3*2', 'TRUE', '7']], 'USER_ENTERED');
    const { body } = await ask('/values/A2:C3?valueRenderOption=UNFORMATTED_VALUE');
    expect(body).toMatchObject({
      values: [
        ['=B3*2', '', '3%'],
        ['', true, 7],
      ],
    });
  });

  test.each([
    { name: 'an unknown tab', act: () => write('Nope!A1', [['x']]), says: 'Unable to parse range: Nope!A1' },
    { name: 'no values', act: () => write('A1', 'x'), says: "Invalid value at 'data[0].values'" },
    { name: 'more than the range', act: () => write('A1', [['x', 'y']]), says: 'tried writing beyond it' },
    {
      name: 'a cell beyond the grid',
      act: () => write('AB1', [['x']]),
      says: 'exceeds grid limits. Max rows: 1000, max columns: 26',
    },
    { name: 'an unknown request', act: () => batch({ paintItRed: {} }), says: 'Unknown name "paintItRed"' },
    {
      name: 'an unknown tab id',
      act: () => batch({ deleteSheet: { sheetId: 7 } }),
      says: 'Invalid requests[0].deleteSheet: No grid with id: 7',
    },
    {
      name: 'a second request that is wrong',
      act: () =>
        batch(
          { deleteDimension: { range: { dimension: 'ROWS', startIndex: 0, endIndex: 1 } } },
          { updateCells: { start: { columnIndex: 26 }, rows: [{ values: [{}] }], fields: 'userEnteredValue' } },
        ),
      says: 'Invalid requests[1].updateCells: Attempting to write column: 26, beyond the last requested column of: 25',
    },
    {
      name: 'a tab of the same name',
      act: () => batch({ addSheet: { properties: { title: 'Sheet1' } } }),
      says: 'already exists',
    },
    { name: 'no request', act: () => batch(), says: 'Must specify at least one request.' },
  ])('of $name is refused, and nothing is changed', async ({ act, says }) => {
    const before = rows();
    const { status, body } = await act();
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(says) } },
    });
    expect(rows()).toEqual(before);
  });

  test('changes the masked fields alone, and empties what is masked and not given', async () => {
    const rich = { typed: 'x', note: 'mine', userEnteredFormat: { horizontalAlignment: 'CENTER' } };
    state.tabs.set('Sheet1', [[rich, rich]]);
    const one = (fields: string, column: number) => ({
      updateCells: {
        range: { startRowIndex: 0, endRowIndex: 1, startColumnIndex: column, endColumnIndex: column + 1 },
        rows: [{ values: [{ userEnteredValue: { numberValue: 5 } }] }],
        fields,
      },
    });
    await batch(one('userEnteredValue', 0), one('*', 1));
    expect(state.tabs.get('Sheet1')).toEqual([[{ ...rich, typed: 5 }, 5]]);
  });

  test('appends below the last row that holds anything, also beyond the grid', async () => {
    const append = {
      appendCells: { rows: [{ values: [{ userEnteredValue: { stringValue: '=x' } }] }], fields: 'userEnteredValue' },
    };
    await batch(append);
    expect(rows().slice(3)).toEqual([['=x']]);
    state.tabs.set(
      'Sheet1',
      Array.from({ length: 1_000 }, () => ['x']),
    );
    expect(await batch(append)).toMatchObject({ status: 200 });
    expect(rows().length).toBe(1_001);
  });

  test('can send the cells back as they are right after it', async () => {
    const { body } = await ask(
      ':batchUpdate?fields=updatedSpreadsheet(sheets(data(rowData(values(userEnteredValue)))))',
      {
        requests: [{ deleteDimension: { range: { dimension: 'ROWS', startIndex: 0, endIndex: 2 } } }],
        includeSpreadsheetInResponse: true,
        responseRanges: ['Sheet1'],
      },
    );
    const values = [4, 5, 6].map((numberValue) => ({ userEnteredValue: { numberValue } }));
    expect(body).toEqual({ updatedSpreadsheet: { sheets: [{ data: [{ rowData: [{ values }] }] }] } });
  });

  test.each([
    { access: 'viewer', token: 'editor', message: 'The caller does not have permission' },
    { access: 'shared', token: 'reader', message: 'Request had insufficient authentication scopes.' },
  ] as const)('needs more than to be a $access with the token of a $token', async ({ access, token, message }) => {
    state.access = access;
    const refused = await ask(':batchUpdate', { requests: [] }, token);
    expect(refused).toMatchObject({ status: 403, body: { error: { message, status: 'PERMISSION_DENIED' } } });
    expect((await ask('', undefined, token)).status).toBe(200);
  });

  test('counts against its own quota of a minute', async () => {
    const clock = createClock();
    state.quota = { perMinute: 2, now: clock.now };
    const statuses = async () => [(await write('A1', [['x']])).status, (await ask('')).status];
    expect([await statuses(), await statuses(), await statuses()]).toEqual([
      [200, 200],
      [200, 200],
      [429, 429],
    ]);
    clock.wait(60_000);
    expect(await statuses()).toEqual([200, 200]);
  });
});

describe('formulas', () => {
  const read = async (render: string) =>
    (await ask(`/values/Sheet1?valueRenderOption=${render}`)).body.values as unknown as unknown[][];

  test('that fill a column break where something is written into it', async () => {
    state.tabs.set('Sheet1', [[2, '=ARRAYFORMULA(A1:A*10)', '=A1*3'], [3]]);
    expect(await read('UNFORMATTED_VALUE')).toEqual([
      [2, 20, 6],
      [3, 30],
    ]);
    expect(await read('FORMULA')).toEqual([
      [2, '=ARRAYFORMULA(A1:A*10)', '=A1*3'],
      [3, 30],
    ]);
    await write('B2', [['']]);
    expect((await read('UNFORMATTED_VALUE'))[1]).toEqual([3, 30]);
    await write('B2', [['x']]);
    expect(await read('UNFORMATTED_VALUE')).toEqual([
      [2, '#REF!', 6],
      [3, 'x'],
    ]);
  });

  test('go with their rows when a person sorts, inserts and deletes', () => {
    const sheet = [['n'], [2, '=A2*2'], [1, '=A3*2'], ['']];
    sortRows(sheet, 0);
    expect(sheet).toEqual([['n'], [1, '=A2*2'], [2, '=A3*2'], ['']]);
    insertRows(sheet, 1);
    expect(sheet).toEqual([['n'], [], [1, '=A3*2'], [2, '=A4*2'], ['']]);
    deleteRows(sheet, 2);
    expect(sheet).toEqual([['n'], [], [2, '=A3*2'], ['']]);
  });

  test('are copied with their row, to a tab of its own and back', async () => {
    const sheet = [['n'], [2, '=A2*2', { typed: 'x', note: 'mine' }]];
    state.tabs.set('Sheet1', structuredClone(sheet));
    const row = (sheetId: number) => ({ sheetId, startRowIndex: 1, endRowIndex: 2 });
    const lines = { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 2 };
    await batch(
      { addSheet: { properties: { sheetId: 9, title: 'kept', hidden: true } } },
      { copyPaste: { source: row(0), destination: row(9) } },
      { deleteDimension: { range: lines } },
    );
    expect(rows()).toEqual([['n']]);
    await batch(
      { insertDimension: { range: lines } },
      { copyPaste: { source: row(9), destination: row(0) } },
      { deleteSheet: { sheetId: 9 } },
    );
    expect([...state.tabs]).toEqual([['Sheet1', sheet]]);
  });
});
