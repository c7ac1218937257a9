import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGoogleEditor } from '../../../src/adapters/sheet/google-editor.js';
import type { Result } from '../../../src/domain/result.js';
import type { EditError, EditedRow, SheetEditor } from '../../../src/flows/ports/sheet-editor.js';
import { type SheetCell, typedOf } from '../../../src/simulators/google/state.js';
import { reading } from '../../support/builders.js';
import { type Chance, createChance } from '../../support/candle-series.js';
import { startTestGoogle } from '../../support/google-sheet.js';
import { oneForAll } from '../../support/lifetime.js';
import { act, contents, markerOf, oneOf } from '../../support/moving-rows.js';

const google = oneForAll(startTestGoogle);
let editor: SheetEditor;
/** Thousands of requests go to the simulator itself; how they go over sockets is the editor's own tests' matter. */
const { fetch } = globalThis;
beforeAll(() => {
  globalThis.fetch = google.fetch;
  editor = createGoogleEditor(google.access);
});
afterAll(() => {
  globalThis.fetch = fetch;
});

const header = ['symbol', 'condition', 'price', 'active', 'name', 'id', 'half', 'mine', 'double', 'status'];

/** Twins but for their price, rows with and without an id, formulas of their own, and one that fills a whole column. */
function makeRow(chance: Chance, index: number): SheetCell[] {
  const row = index + 1;
  return [
    { typed: oneOf(chance, ['BTCUSDT', 'ETHUSDT']), note: `r${index}` },
    'above',
    chance.isHit(0.15) ? `=H${row}*2` : 100 + index,
    oneOf(chance, [true, '']),
    oneOf(chance, ['', 'mine']),
    chance.isHit(0.5) ? `own-${index}` : '',
    `=H${row}*0.5`,
    oneOf(chance, [1_001, 1_002]),
    index === 1 ? '=ARRAYFORMULA(H2:H*2)' : '',
    oneOf(chance, ['', 'armed']),
  ];
}

const edits = [
  { cells: { active: 'FALSE' }, becomes: { active: false } },
  { cells: { price: '777' }, becomes: { price: 777 } },
  { cells: { price: '5.5', name: 'nearer' }, becomes: { price: 5.5, name: 'nearer' } },
  { cells: { active: 'FALSE', name: '=1+1' }, becomes: { active: false, name: '=1+1' } },
] as const;

const context = { reading: reading(), stored: undefined };

/** Notes which row the number stood for when the edit first read the sheet. */
function watchFirstRead(row: number): () => string | undefined {
  const { fault } = google.traffic;
  let marker: string | undefined;
  let isRead = false;
  google.traffic.fault = (request) => {
    const outcome = fault(request);
    if (!isRead && request.path.startsWith('/v4/')) {
      isRead = true;
      marker = markerOf(google.rows()[row - 1] ?? []);
    }
    return outcome;
  };
  return () => marker;
}

type Outcome = Result<EditedRow, EditError>;

/** One edit among a person's doings; what every row must be afterwards, beside what it is. */
async function play(chance: Chance, acts: number) {
  google.reset([[...header], ...Array.from({ length: 8 }, (_, index) => makeRow(chance, index + 1))]);
  const before = contents(google.rows(), header.length);
  const gone = new Set<string | undefined>();
  for (let count = 0; count < acts; count += 1) {
    google.before(1 + chance.below(4), () => gone.add(act(chance, google.rows(), [0, 2, 7])));
  }
  const row = 2 + chance.below(8);
  const kind = oneOf(chance, ['append', 'change', 'change', 'remove'] as const);
  const { cells, becomes } = oneOf(chance, edits);
  const meant = watchFirstRead(row);
  const result: Outcome =
    kind === 'append'
      ? await editor.append({ symbol: 'SOLUSDT', condition: 'below', price: '5' }, context)
      : kind === 'change'
        ? await editor.change({ row }, cells, context)
        : await editor.remove({ row }, context);
  const edited = result.ok && result.value.isChanged ? result.value : undefined;
  const expected = new Map([...before].filter(([marker]) => !gone.has(marker)));
  const target = expected.get(meant() ?? '');
  if (edited !== undefined && kind === 'remove') expected.delete(meant() ?? '');
  if (edited !== undefined && kind === 'change' && target !== undefined) {
    for (const [title, value] of Object.entries(becomes)) target[header.indexOf(title)] = value;
    target[header.indexOf('id')] ||= edited.id;
  }
  if (!result.ok && result.error.message.endsWith('but that the row has its id now')) {
    target?.splice(header.indexOf('id'), 1, expect.stringMatching(/^[0-9a-f]{20}$/));
  }
  const added = google.rows().filter((each) => markerOf(each) === undefined && each.some((cell) => typedOf(cell)));
  return {
    outcome: `${kind} ${edited === undefined ? (result.ok ? 'same' : result.error.kind) : 'done'}`,
    expected: { rows: expected, added: edited !== undefined && kind === 'append' ? 2 : 1, tabs: ['Alerts'] },
    found: { rows: contents(google.rows(), header.length), added: added.length, tabs: [...google.state.tabs.keys()] },
  };
}

test.each([1, 2])('a person at any of 1,000 moments (%i an edit): every other cell stays as it was', async (acts) => {
  const chance = createChance(20 + acts);
  const outcomes = new Set<string>();
  for (let round = 0; round < 500; round += 1) {
    const { outcome, expected, found } = await play(chance, acts);
    expect({ round, outcome, ...found }).toEqual({ round, outcome, ...expected });
    outcomes.add(outcome);
  }
  // A person who is never in the way proves nothing.
  expect([...outcomes]).toEqual(
    expect.arrayContaining([
      'append done',
      'change done',
      'change moved',
      'change formula',
      'remove done',
      'remove moved',
    ]),
  );
});
