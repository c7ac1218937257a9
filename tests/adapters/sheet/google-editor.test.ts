import { beforeAll, describe, expect, test } from '@jest/globals';
import { createGoogleEditor } from '../../../src/adapters/sheet/google-editor.js';
import type { SheetEditor } from '../../../src/flows/ports/sheet-editor.js';
import { lookOf, type SheetCell, typedOf } from '../../../src/simulators/google/state.js';
import { reading } from '../../support/builders.js';
import { leaked } from '../../support/fake-secret.js';
import { startTestGoogle } from '../../support/google-sheet.js';
import { oneForAll } from '../../support/lifetime.js';
import { testEditor } from './editor-contract.js';

const google = oneForAll(startTestGoogle);
let editor: SheetEditor;
beforeAll(() => {
  editor = createGoogleEditor(google.access);
});

/** As Sheets takes what people type. */
const typed = (text: string): SheetCell => {
  if (/^(TRUE|FALSE)$/.test(text)) return text === 'TRUE';
  return /^\d+(\.\d{1,10})?$/.test(text) ? Number(text) : text;
};
const shown = (cell: SheetCell): string =>
  String(typedOf(cell) ?? '').replace(/^(true|false)$/, (text) => text.toUpperCase());

testEditor(async (rows) => {
  google.reset(rows.map((row) => row.map(typed)));
  return {
    editor,
    rows: async () => google.rows().map((row) => Array.from(rows[0] ?? [], (_, column) => shown(row[column]))),
  };
});

const header = ['symbol', 'condition', 'price', 'active', 'name', 'id'];
const context = { reading: reading(), stored: undefined };
const one = (...cells: SheetCell[]): void => google.reset([[...header], ['BTCUSDT', 'above', 95_000, ...cells]]);

describe('what is written', () => {
  test('is one request for the cells, a read before it, and nothing else of the row', async () => {
    one({ typed: true, dataValidation: { condition: { type: 'BOOLEAN' } } }, { typed: 'x', note: 'mine' }, '');
    expect(await editor.change({ row: 2 }, { active: 'FALSE', name: '=1+1' }, context)).toMatchObject({ ok: true });
    expect(google.calls()).toEqual(['GET ', 'POST :batchUpdate']);
    expect(google.rows()[1]?.slice(3, 5)).toEqual([
      { typed: false, dataValidation: { condition: { type: 'BOOLEAN' } } },
      { typed: '=1+1', isText: true, note: 'mine' },
    ]);
  });

  test.each([
    { price: '96000', value: 96_000 },
    { price: '95000.10', value: 95_000.1 },
    { price: '0.00001234', value: 0.00001234 },
    { price: '12345678901234567', value: '12345678901234567' },
    { price: '150', condition: 'falls from high', value: '150' },
    { price: '5%', condition: 'falls from high', value: { typed: '5%', isText: true } },
  ])('of the price $price is exact', async ({ price, value, condition = 'above' }) => {
    google.reset([[...header], ['BTCUSDT', condition, condition === 'above' ? 1 : '3%', true, '', 'own']]);
    expect(await editor.change({ id: 'own' }, { price }, context)).toMatchObject({ ok: true });
    expect(google.rows()[1]?.[2]).toEqual(value);
  });
});

test.each([
  { column: 'price', row: ['BTCUSDT', 'above', '=C3*2', true, '', ''], cells: { price: '1' }, at: 'C2' },
  { column: 'name', row: ['BTCUSDT', 'above', 1, true, '=ARRAYFORMULA(C2:C*2)', ''], cells: { name: 'x' }, at: 'E2' },
])('a formula in $column is not overwritten, and said where', async ({ column, row, cells, at }) => {
  google.reset([[...header], row, ['ETHUSDT', 'above', 5, true, '', '']]);
  const before = structuredClone(google.rows());
  expect(await editor.change({ row: 2 }, cells, context)).toMatchObject({
    error: { kind: 'formula', message: `row 2: "${column}" (${at}) is filled by a formula` },
  });
  if (column === 'name') {
    expect(await editor.change({ row: 3 }, cells, context)).toMatchObject({ error: { kind: 'formula' } });
    const added = { symbol: 'SOLUSDT', condition: 'above', price: '1', name: 'x' };
    expect(await editor.append(added, context)).toMatchObject({ error: { kind: 'formula' } });
    expect(await editor.remove({ row: 2 }, context)).toMatchObject({ error: { kind: 'formula' } });
  }
  expect(google.rows()).toEqual(before);
});

describe('a refusal says what to do, and changes nothing', () => {
  const email = 'reader@simulated-project.iam.gserviceaccount.com';
  const cases: { name: string; refuse: () => void; kind: string; remedy: string }[] = [
    {
      name: "a viewer's share",
      refuse: () => {
        google.state.access = 'viewer';
      },
      kind: 'not-editor',
      remedy: `share the sheet with ${email} as an editor`,
    },
    {
      name: 'no share at all',
      refuse: () => {
        google.state.access = 'not-shared';
      },
      kind: 'not-shared',
      remedy: `share the sheet with ${email} as Viewer`,
    },
    {
      name: 'a protected cell',
      refuse: () => {
        lookOf(google.state, 'Alerts').protectedRanges.push({ protectedRangeId: 1, range: { startColumnIndex: 3 } });
      },
      kind: 'protected',
      remedy: `let ${email} edit it: Data → Protect sheets and ranges`,
    },
    {
      name: 'a used-up quota',
      refuse: () => {
        google.state.quota = { perMinute: 0, now: () => 0 };
      },
      kind: 'quota',
      remedy: 'try again in a minute',
    },
    {
      name: 'a tab that is not there',
      refuse: () => google.state.tabs.clear(),
      kind: 'no-such-tab',
      remedy: 'set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    },
  ];
  test.each(cases)('$name', async ({ refuse, kind, remedy }) => {
    one(true, '', 'own');
    const before = structuredClone(google.rows());
    refuse();
    const edits = [
      await editor.change({ row: 2 }, { active: 'FALSE' }, context),
      await editor.remove({ row: 2 }, context),
      await editor.append({ symbol: 'SOLUSDT', condition: 'above', price: '1' }, context),
    ];
    expect(edits).toMatchObject(edits.map(() => ({ ok: false, error: { kind, remedy } })));
    expect(leaked(edits, [(await google.access.account())?.private_key ?? ''])).toEqual([]);
    if (kind !== 'no-such-tab') expect(google.rows()).toEqual(before);
  });
});

describe('an answer that is lost', () => {
  const edits: Record<string, () => ReturnType<SheetEditor['remove']>> = {
    change: () => editor.change({ row: 2 }, { price: '1' }, context),
    append: () => editor.append({ symbol: 'SOLUSDT', condition: 'above', price: '1' }, context),
    remove: () => editor.remove({ row: 2 }, context),
  };

  test.each(Object.keys(edits))('to a %s that was made is found out by a read', async (name) => {
    one(true, '', '');
    let isLost = false;
    google.traffic.fault = ({ method, path }) => {
      if (isLost || method !== 'POST' || path === '/token') return undefined;
      isLost = true;
      return { outcome: 'lose-answer' };
    };
    expect(await edits[name]?.()).toMatchObject({ ok: true });
    expect(google.calls().filter((call) => call === 'POST :batchUpdate').length).toBe(name === 'remove' ? 2 : 1);
    expect([...google.state.tabs.keys()]).toEqual(['Alerts']);
  });

  test.each(Object.keys(edits))('to a %s that was not made is told, and it is not sent again', async (name) => {
    one(true, '', '');
    const before = structuredClone(google.rows());
    google.traffic.fault = ({ method, path }) =>
      method === 'POST' && path !== '/token' ? { outcome: 'reset' } : undefined;
    expect(await edits[name]?.()).toMatchObject({
      error: { kind: 'lost', message: expect.stringContaining('Google Sheets did not answer') },
    });
    expect(google.calls().filter((call) => call === 'POST :batchUpdate').length).toBe(1);
    expect(google.rows()).toEqual(before);
  });

  test('and a read that fails too leaves it to a look', async () => {
    one(true, '', '');
    google.traffic.fault = ({ method, path }) => {
      if (path === '/token') return undefined;
      return google.calls().length === 1 ? undefined : { outcome: method === 'POST' ? 'lose-answer' : 'reset' };
    };
    expect(await edits.change?.()).toMatchObject({ error: { kind: 'look' } });
  });
});

test('only an edit asks for the scope that may write', async () => {
  one(true, '', '');
  google.state.tokens.clear();
  await editor.change({ row: 2 }, { active: 'FALSE' }, context);
  expect([...google.state.tokens.values()]).toEqual(['https://www.googleapis.com/auth/spreadsheets']);
});
