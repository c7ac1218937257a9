import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { createCsvAnswers } from '../../../src/adapters/sheet/csv-answers.js';
import type { AnswerCell } from '../../../src/domain/answers/plan-answers.js';
import { oneForEach, openFolder } from '../../support/lifetime.js';

const folder = oneForEach(openFolder);

async function answer(
  text: string,
  cells: readonly AnswerCell[],
  between: () => Promise<void> = async () => undefined,
) {
  const path = folder.pathOf('alerts.csv');
  await writeFile(path, text);
  const opened = await createCsvAnswers(path).open();
  if (!opened.ok) throw new Error(opened.error.message);
  await between();
  const result = await opened.value.write(cells, () => true);
  return { result, text: await readFile(path, 'utf8') };
}

test('only the cells of the answers change, whatever the file looks like', async () => {
  const before =
    '\uFEFFsymbol;condition;price;status;mine;times;answer\r\n"BTCUSDT"; above ;95000;"old";"two\nlines"\r\n' +
    '\r\nETHUSDT;below;2500\r\nSOLUSDT;above;5;armed;"x;y";1;  was  ';
  const { result, text } = await answer(before, [
    { row: 2, column: 3, value: 'armed' },
    { row: 2, column: 6, value: 'price: write 1 or "2"; not 3' },
    { row: 4, column: 5, value: 1e-7 },
    { row: 5, column: 6, value: '' },
  ]);
  expect(result).toEqual({ written: 4, refused: [] });
  expect(text).toBe(
    '\uFEFFsymbol;condition;price;status;mine;times;answer\r\n"BTCUSDT"; above ;95000;"armed";"two\nlines";;"price: write 1 or ""2""; not 3"\r\n' +
      '\r\nETHUSDT;below;2500;;;0.0000001\r\nSOLUSDT;above;5;armed;"x;y";1;    ',
  );
});

test('a file that somebody saved meanwhile is left as it is', async () => {
  const saved = 'symbol,condition,price,status\nBTCUSDT,above,96000,\n';
  const { result, text } = await answer(
    'symbol,condition,price,status\nBTCUSDT,above,95000,\n',
    [{ row: 2, column: 3, value: 'armed' }],
    () => writeFile(folder.pathOf('alerts.csv'), saved),
  );
  expect(result).toEqual({ written: 0, refused: [expect.stringContaining('was changed meanwhile')] });
  expect(text).toBe(saved);
});

test('a column in which something begins as a formula does holds one', async () => {
  const path = folder.pathOf('alerts.csv');
  await writeFile(path, 'symbol,condition,price,status\nBTCUSDT,above,95000,=A1\n');
  const opened = await createCsvAnswers(path).open();
  expect(opened.ok && [2, 3].map(opened.value.holdsFormula)).toEqual([false, true]);
});
