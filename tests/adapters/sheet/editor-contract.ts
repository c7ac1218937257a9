import { expect, test } from '@jest/globals';
import type { RowCells } from '../../../src/domain/edit/cells.js';
import type { RowTarget } from '../../../src/domain/edit/plan-edit.js';
import { readRows } from '../../../src/domain/rows.js';
import type { SheetEditor } from '../../../src/flows/ports/sheet-editor.js';
import { reading } from '../../support/builders.js';

export interface EditedSheet {
  readonly editor: SheetEditor;
  /** Every cell as text, the header first. */
  rows(): Promise<string[][]>;
}

const context = { reading: reading(['default', 'dmitry']), stored: undefined };
const header = ['symbol', 'condition', 'price', 'user_id', 'active', 'name', 'id', 'my own'];
const sheet = [
  header,
  ['BTCUSDT', 'above', '95000', '', 'TRUE', 'Breakout', 'btc-95k', 'x'],
  ['', '', '', '', '', '', '', ''],
  ['ETHUSDT', 'below', '2500', 'dmitry', '', '', '', 'y'],
  ['SOLUSDT', 'higher', '250', '', '', '', 'bad', ''],
];

/** The id that the sheet's rows give an alert, as every check finds it. */
function idOf(rows: readonly (readonly string[])[], row: number): string {
  const read = readRows([rows[0] ?? [], rows[row - 1] ?? []], context.reading);
  return read.ok ? (read.value.specs[0]?.id ?? 'none') : read.error;
}

const eth = idOf(sheet, 4);
const with_ = (row: number, cells: Readonly<Record<string, string>>, of = sheet): string[][] =>
  of.map((each, index) => (index === row - 1 ? each.map((cell, place) => cells[header[place] ?? ''] ?? cell) : each));

interface Case {
  readonly name: string;
  readonly rows?: string[][];
  readonly edit: (editor: SheetEditor) => ReturnType<SheetEditor['append']>;
  /** Undefined: the rows stay as they are. */
  readonly becomes?: string[][];
  readonly answer: object;
}

const change = (target: RowTarget, cells: RowCells) => (editor: SheetEditor) => editor.change(target, cells, context);
const remove = (target: RowTarget) => (editor: SheetEditor) => editor.remove(target, context);
const append = (cells: RowCells) => (editor: SheetEditor) => editor.append(cells, context);
const done = (row: number, id: string, isChanged = true) => ({ ok: true, value: { row, id, isChanged, notes: [] } });
const refused = (kind: string, message: string | RegExp) => ({
  ok: false,
  error: { kind, message: typeof message === 'string' ? message : expect.stringMatching(message) },
});

const cases: readonly Case[] = [
  {
    name: 'a row is paused by its id',
    edit: change({ id: 'btc-95k' }, { active: 'FALSE' }),
    becomes: with_(2, { active: 'FALSE' }),
    answer: done(2, 'btc-95k'),
  },
  {
    name: 'a row without an id gets the one that its alert has',
    edit: change({ id: eth }, { price: '2400.5' }),
    becomes: with_(4, { price: '2400.5', id: eth }),
    answer: done(4, eth),
  },
  {
    name: 'a row may be named by its number, and a cell be emptied',
    edit: change({ row: 2 }, { name: '' }),
    becomes: with_(2, { name: '' }),
    answer: done(2, 'btc-95k'),
  },
  {
    name: 'a price keeps all digits that a number would lose',
    edit: change({ row: 2 }, { price: '0.12345678901234567' }),
    becomes: with_(2, { price: '0.12345678901234567' }),
    answer: done(2, 'btc-95k'),
  },
  {
    name: 'what a row says already is not written',
    edit: change({ row: 4 }, { active: 'TRUE', user: 'dmitry' }),
    answer: done(4, eth, false),
  },
  { name: 'a row is removed', edit: remove({ id: eth }), becomes: sheet.toSpliced(3, 1), answer: done(4, eth) },
  {
    name: 'nonsense is refused in the words of the sheet',
    edit: change({ row: 2 }, { price: '95,000' }),
    answer: refused('wrong-cells', 'price: expected a plain number, got "95,000"; write 95000 or 95.000'),
  },
  {
    name: 'a row that cannot be read is mended by hand',
    edit: change({ row: 5 }, { active: 'FALSE' }),
    answer: refused('wrong-cells', /^condition: expected one of/),
  },
  {
    name: 'a row that is not there cannot be edited',
    edit: remove({ id: 'nobody' }),
    answer: refused('no-such-row', 'there is no row of the alert "nobody"'),
  },
  {
    name: 'a blank row cannot be edited',
    edit: remove({ row: 3 }),
    answer: refused('no-such-row', 'there is no row of row 3'),
  },
  {
    name: 'of two rows with one id nobody knows which is meant',
    rows: with_(4, { id: 'btc-95k' }),
    edit: change({ id: 'btc-95k' }, { active: 'FALSE' }),
    answer: refused('several-rows', 'the id "btc-95k" stands in the rows 2 and 4'),
  },
  {
    name: 'of two equal rows neither is removed',
    rows: [...sheet, sheet[3] ?? []],
    edit: remove({ id: eth }),
    answer: refused('several-rows', 'the rows 4 and 6 ask for the same alert'),
  },
  {
    name: 'a column that is not there is named',
    edit: change({ row: 2 }, { repeat: '1h' }),
    answer: refused('no-column', 'the sheet has no column "repeat"'),
  },
  {
    name: 'without a column for the id another price would make another alert',
    rows: sheet.map((row) => row.toSpliced(6, 1)),
    edit: change({ row: 4 }, { price: '1' }),
    answer: refused('no-id-column', /^without a column "id"/),
  },
  {
    name: 'without a column for the id a row can be paused',
    rows: sheet.map((row) => row.toSpliced(6, 1)),
    edit: change({ row: 4 }, { active: 'FALSE' }),
    becomes: sheet.map((row, index) => (index === 3 ? row.with(4, 'FALSE') : row).toSpliced(6, 1)),
    answer: done(4, eth),
  },
  {
    name: 'a row is not added twice',
    edit: append({ symbol: 'ethusdt', condition: '<', price: '2500.0', user: 'dmitry' }),
    answer: refused('same-alert', 'row 4 asks for the same alert'),
  },
  {
    name: 'a price that another row has makes two equal rows of them',
    rows: [...sheet, ['ETHUSDT', 'below', '2400', 'dmitry', '', '', 'own', '']],
    edit: change({ id: 'own' }, { price: '2500' }),
    answer: refused('same-alert', 'row 4 asks for the same alert'),
  },
  {
    name: 'a row for nobody is refused',
    edit: append({ symbol: 'BTCUSDT', condition: 'above', price: '1', user: 'nobody' }),
    answer: refused('wrong-cells', /^user_id: no channel in the secret for "nobody"/),
  },
];

/** What every editor of a sheet does alike. */
export function testEditor(open: (rows: string[][]) => Promise<EditedSheet>): void {
  test.each(cases)('$name', async ({ rows = sheet, edit, becomes = rows, answer }) => {
    const opened = await open(rows);
    expect(await edit(opened.editor)).toMatchObject(answer);
    expect(await opened.rows()).toEqual(becomes);
  });

  test('a new row gets a readable id and is armed', async () => {
    const opened = await open(sheet);
    const cells = { symbol: 'BTCUSDT', condition: 'falls from high', price: '7%', name: 'Trail, "tight"' };
    const added = await opened.editor.append(cells, context);
    const id = added.ok ? added.value.id : '';
    expect(added).toMatchObject(done(6, id));
    expect(id).toMatch(/^btcusdt-falls-from-high-[a-z2-9]{4}$/);
    const row = ['BTCUSDT', 'falls from high', '7%', '', 'TRUE', 'Trail, "tight"', id, ''];
    expect(await opened.rows()).toEqual([...sheet, row]);
  });

  test('edits wait for each other', async () => {
    const opened = await open(sheet);
    const prices = ['1', '2', '3', '4'];
    const edits = prices.map((price) => opened.editor.change({ id: 'btc-95k' }, { price }, context));
    expect(await Promise.all(edits)).toMatchObject(prices.map(() => done(2, 'btc-95k')));
    expect(await opened.rows()).toEqual(with_(2, { price: '4' }));
  });
}
