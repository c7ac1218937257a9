import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGoogleSheet } from '../../src/adapters/sheet/google.js';
import { createGoogleEditor } from '../../src/adapters/sheet/google-editor.js';
import { answerTitles } from '../../src/domain/answer-columns.js';
import { price } from '../../src/domain/price.js';
import { check } from '../../src/flows/check.js';
import type { Sheet } from '../../src/flows/ports/sheet.js';
import type { SheetEditor } from '../../src/flows/ports/sheet-editor.js';
import { type SheetCell, typedOf } from '../../src/simulators/google/state.js';
import { at, reading } from '../support/builders.js';
import { type Chance, createChance } from '../support/candle-series.js';
import { createFakeExchange } from '../support/fake-exchange.js';
import { startTestGoogle } from '../support/google-sheet.js';
import { createMemoryPorts, runOf } from '../support/in-memory.js';
import { oneForAll } from '../support/lifetime.js';
import { act, contents, markerOf, oneOf } from '../support/moving-rows.js';

const google = oneForAll(startTestGoogle);
let editor: SheetEditor;
let sheet: Sheet;
const { fetch } = globalThis;
afterAll(() => {
  globalThis.fetch = fetch;
});
beforeAll(() => {
  globalThis.fetch = google.fetch;
  editor = createGoogleEditor(google.access);
  sheet = createGoogleSheet(google.access);
});

const asking = ['symbol', 'condition', 'price', 'active', 'name', 'id', 'half', 'mine', 'double'];
const own = asking.length;
const header = [...asking, ...answerTitles];
const place = (title: string): number => header.indexOf(title);

/** Good, wrong and paused rows and headings, with formulas of their own, and answers that were about something else. */
function makeRow(chance: Chance, index: number): SheetCell[] {
  const row = index + 1;
  const kind = oneOf(chance, ['good', 'good', 'good', 'wrong', 'heading']);
  const isHeading = kind === 'heading' && index !== 1;
  return [
    { typed: isHeading ? 'Some day' : oneOf(chance, ['BTCUSDT', 'ETHUSDT']), note: `r${index}` },
    isHeading ? '' : 'above',
    isHeading ? '' : kind === 'wrong' ? `${index},000` : chance.isHit(0.2) ? `=H${row}*2` : 100 + index,
    oneOf(chance, [true, '', false]),
    oneOf(chance, ['', 'mine']),
    chance.isHit(0.5) && !isHeading ? `own-${index}` : '',
    `=H${row}*0.5`,
    1_000 + index,
    index === 1 ? '=ARRAYFORMULA(H2:H*2)' : '',
    oneOf(chance, ['', 'armed', 'paused', 'wrong']),
    oneOf(chance, ['', 50, 60]),
    '',
    '',
    oneOf(chance, ['', 0]),
    oneOf(chance, ['', 'about another row']),
  ];
}

/** By the row's own cells alone. */
function expectedAnswers(row: readonly SheetCell[]): unknown[] {
  const [, condition, target, active] = row.map(typedOf);
  if (condition === '' || condition === undefined) return ['', '', '', '', '', ''];
  if (typeof target === 'string' && !target.startsWith('=')) {
    return ['wrong', '', '', '', '', expect.stringMatching(/^price: /)];
  }
  if (active === false) return ['paused', '', '', '', 0, ''];
  const level = typeof target === 'number' ? target : Number(typedOf(row[place('mine')])) * 2;
  return ['armed', 50, Number((((level - 50) / 50) * 100).toFixed(2)), '', 0, ''];
}

const near = { last: price('50'), high24h: price('51'), low24h: price('49') };
const exchange = createFakeExchange({ name: 'binance', tickers: { BTCUSDT: near, ETHUSDT: near } });
const now = () => at('12:05');
const context = { reading: reading(), stored: undefined };

/** One check and perhaps an edit among a person's doings, and then a quiet check, and another. */
async function play(chance: Chance, acts: number) {
  google.reset([[...header], ...Array.from({ length: 14 }, (_, index) => makeRow(chance, index + 1))]);
  const before = contents(google.rows(), own);
  const gone = new Set<string | undefined>();
  for (let count = 0; count < acts; count += 1) {
    google.before(1 + chance.below(5), () => gone.add(act(chance, google.rows(), [0, 2, 7, own, own + 2])));
  }
  const ports = createMemoryPorts({ exchanges: [exchange], now, sheet });
  const index = 1 + chance.below(14);
  const target = `r${index}`;
  const isEdited = chance.isHit(0.4);
  const among = check(ports, runOf());
  const edit = isEdited ? await editor.change({ id: `own-${index}` }, { name: 'edited' }, context) : undefined;
  const first = await among;
  google.traffic.fault = () => undefined;
  const second = await check(ports, runOf());
  google.traffic.requests.length = 0;
  const third = await check(ports, runOf());
  const calls = google.calls().length;
  const rows = google.rows();
  const expected = new Map([...before].filter(([marker]) => !gone.has(marker)));
  const found = contents(rows, own);
  if (edit?.ok) expected.get(target)?.splice(place('name'), 1, 'edited');
  const statuses = rows.slice(1).map((row) => row.slice(own, header.length).map((cell) => typedOf(cell) ?? ''));
  const padded = statuses.map((cells) => [...cells, ...answerTitles.map(() => '')].slice(0, answerTitles.length));
  return {
    wrote: `${first.sheet.answers?.written ? 'first' : ''} ${second.sheet.answers?.written ? 'second' : ''}`,
    edits: edit === undefined ? 'none' : edit.ok ? 'done' : edit.error.kind,
    found: {
      cells: found,
      answers: padded,
      third: third.sheet.answers,
      calls,
      problems: [...first.problems, ...second.problems],
    },
    expected: {
      cells: expected,
      answers: rows.slice(1).map((row) => expectedAnswers(markerOf(row) === undefined ? [] : row)),
      third: { written: 0, refused: [] },
      calls: 1,
      problems: [],
    },
  };
}

test('a person at any of 1,000 moments: no cell but the answers changes, and a quiet check puts each in its row', async () => {
  const chance = createChance(14);
  const wrote = new Set<string>();
  for (let round = 0; round < 125; round += 1) {
    const { found, expected, ...rest } = await play(chance, 8);
    expect({ round, ...rest, ...found }).toEqual({ round, ...rest, ...expected });
    wrote.add(rest.wrote);
    wrote.add(rest.edits);
  }
  // A person who is never in the way proves nothing.
  expect([...wrote]).toEqual(expect.arrayContaining(['first second', 'first ', 'done', 'moved', 'none']));
});
