import { readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createCsvSheet } from '../../../src/adapters/sheet/csv.js';
import { createCsvEditor } from '../../../src/adapters/sheet/csv-editor.js';
import { readForEdit, replaceFile } from '../../../src/adapters/sheet/csv-file.js';
import type { SheetEditor } from '../../../src/flows/ports/sheet-editor.js';
import { reading } from '../../support/builders.js';
import { oneForEach, openFolder } from '../../support/lifetime.js';
import { testEditor } from './editor-contract.js';

const folder = oneForEach(openFolder);
let path: string;
beforeEach(() => {
  path = folder.pathOf('alerts.csv');
});

testEditor(async (rows) => {
  await writeFile(path, rows.map((row) => `${row.join(',')}\n`).join(''));
  return {
    editor: createCsvEditor(path),
    async rows() {
      const table = await createCsvSheet(path).read();
      return table.ok ? table.value.map((row) => row.map(String)) : [[table.error.message]];
    },
  };
});

const context = { reading: reading(), stored: undefined };
const pause = (editor: SheetEditor) => editor.change({ row: 3 }, { active: 'FALSE' }, context);
const rename = (editor: SheetEditor) => editor.change({ row: 3 }, { name: 'a;b,"c"' }, context);
const remove = (editor: SheetEditor) => editor.remove({ row: 3 }, context);
const add = (editor: SheetEditor) => editor.append({ symbol: 'SOLUSDT', condition: 'above', price: '5' }, context);

const windows =
  '\uFEFFsymbol;condition;price;active;name;mine\r\n"BTCUSDT";above;"95000";;"two\nlines";1\r\nETHUSDT;below;2500;;;"x;y"\r\n';
const spaced =
  'symbol | condition | price | active | name\nBTCUSDT | above | 1 | |\n  ETHUSDT | below | 2500 | TRUE | old';

describe('every other byte stays', () => {
  test.each<{ name: string; text: string; edit: typeof pause; becomes: string }>([
    {
      name: 'of a file as Excel writes it',
      text: windows,
      edit: pause,
      becomes: windows.replace('2500;;', '2500;FALSE;'),
    },
    {
      name: 'beside cells that need quotes',
      text: windows,
      edit: rename,
      becomes: windows.replace('2500;;;', '2500;;"a;b,""c""";'),
    },
    { name: 'when a row goes', text: windows, edit: remove, becomes: windows.slice(0, windows.indexOf('ETHUSDT')) },
    { name: 'when a row comes', text: windows, edit: add, becomes: `${windows}SOLUSDT;above;5;TRUE;;\r\n` },
    { name: 'with blanks around the cells', text: spaced, edit: pause, becomes: spaced.replace('TRUE', 'FALSE') },
    {
      name: 'when the last row goes from a file without a last line end',
      text: spaced,
      edit: remove,
      becomes: spaced.slice(0, spaced.lastIndexOf('\n')),
    },
    { name: 'when a row comes there', text: spaced, edit: add, becomes: `${spaced}\nSOLUSDT|above|5|TRUE|` },
    {
      name: 'in a row that is shorter than the header',
      text: 'symbol,condition,price,name,active\n\nETHUSDT,below,2500\r',
      edit: pause,
      becomes: 'symbol,condition,price,name,active\n\nETHUSDT,below,2500,,FALSE\r',
    },
  ])('$name', async ({ text, edit, becomes }) => {
    await writeFile(path, text);
    expect(await edit(createCsvEditor(path))).toMatchObject({ ok: true });
    expect(await readFile(path, 'utf8')).toBe(becomes);
    expect(await readdir(folder.path)).toEqual(['alerts.csv']);
  });
});

describe('nothing is written', () => {
  const text = 'symbol,condition,price,active,name\n\nETHUSDT,below,2500,,\n';
  test.each(['=1+1', '+x', '-x', '@x'])('where a spreadsheet program would run %s', async (name) => {
    await writeFile(path, text);
    const edits = [
      await createCsvEditor(path).change({ row: 3 }, { name }, context),
      await createCsvEditor(path).append({ symbol: 'A', condition: 'above', price: '1', notes: name }, context),
    ];
    expect(edits).toMatchObject(edits.map(() => ({ error: { kind: 'unsafe-text' } })));
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('while LibreOffice has the file open', async () => {
    await writeFile(path, text);
    await writeFile(folder.pathOf('.~lock.alerts.csv#'), '');
    expect(await pause(createCsvEditor(path))).toMatchObject({ error: { kind: 'open-elsewhere' } });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test.each<{ name: string; meanwhile: () => Promise<void> }>([
    { name: 'another text', meanwhile: () => writeFile(path, `${text}x`) },
    { name: 'the same text, written anew', meanwhile: () => utimes(path, 1, 1) },
    { name: 'no file', meanwhile: () => rm(path) },
  ])('where the file has changed since it was read: $name', async ({ meanwhile }) => {
    await writeFile(path, text);
    const read = await readForEdit(path);
    await meanwhile();
    expect(await replaceFile(read, Buffer.from('new'))).toMatchObject({ error: { kind: 'changed-meanwhile' } });
    expect((await readdir(folder.path)).filter((name) => name !== 'alerts.csv')).toEqual([]);
  });

  test('where there is no such file, or it is no CSV', async () => {
    expect(await pause(createCsvEditor(path))).toMatchObject({ error: { message: `there is no file ${path}` } });
    await writeFile(path, 'symbol,condition,price\n"open,1,2');
    expect(await pause(createCsvEditor(path))).toMatchObject({ error: { kind: 'bad-response' } });
  });
});

test('a link stays a link, and the file keeps who may read it', async () => {
  const real = folder.pathOf('real.csv');
  await writeFile(real, 'symbol,condition,price,active\n\nETHUSDT,below,2500,\n', { mode: 0o600 });
  await symlink(real, path);
  expect(await pause(createCsvEditor(path))).toMatchObject({ ok: true });
  expect(await readFile(real, 'utf8')).toContain('2500,FALSE');
  expect((await readForEdit(path)).mode).toBe(0o100600);
});
