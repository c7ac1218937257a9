import { beforeAll, expect, test } from '@jest/globals';
import { createGoogleAnswers } from '../../../src/adapters/sheet/google-answers.js';
import type { AnswerCell } from '../../../src/domain/answers/plan-answers.js';
import type { AnswerSheet, OpenedSheet } from '../../../src/flows/ports/answer-sheet.js';
import type { Fault } from '../../../src/simulators/faults.js';
import { lookOf, typedOf } from '../../../src/simulators/google/state.js';
import { startTestGoogle } from '../../support/google-sheet.js';
import { oneForAll } from '../../support/lifetime.js';

const google = oneForAll(startTestGoogle);
let answers: AnswerSheet;
let impatient: AnswerSheet;
beforeAll(() => {
  answers = createGoogleAnswers(google.access);
  impatient = createGoogleAnswers({ ...google.access, timeoutMs: 2_000 });
});

async function open(rows: number, by = answers): Promise<OpenedSheet> {
  google.reset([['symbol', 'condition', 'price', 'status'], ...Array.from({ length: rows }, () => ['BTCUSDT'])]);
  const opened = await by.open();
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const armed = (...rows: number[]): AnswerCell[] => rows.map((row) => ({ row, column: 3, value: 'armed' }));
const statuses = () => google.rows().flatMap((row, index) => (typedOf(row[3]) === 'armed' ? [index + 1] : []));
const writes = () => google.traffic.requests.filter(({ path }) => path.endsWith('values:batchUpdate'));

test('one call for all cells, in ranges that hold nothing but them and what stays', async () => {
  const sheet = await open(100);
  expect(await sheet.write(armed(2, 3, 6, 90), () => true)).toEqual({ written: 4, refused: [] });
  expect(statuses()).toEqual([2, 3, 6, 90]);
  expect(writes().map(({ body }) => JSON.parse(body))).toEqual([
    {
      valueInputOption: 'RAW',
      data: [
        { range: "'Alerts'!D2:D6", majorDimension: 'ROWS', values: [['armed'], ['armed'], [null], [null], ['armed']] },
        { range: "'Alerts'!D90:D90", majorDimension: 'ROWS', values: [['armed']] },
      ],
    },
  ]);
});

const protect = (...rows: number[]): void => {
  for (const row of rows) {
    const range = { startRowIndex: row - 1, endRowIndex: row };
    lookOf(google.state, 'Alerts').protectedRanges.push({ protectedRangeId: row, range });
  }
};
const hundred = Array.from({ length: 100 }, (_, index) => index + 2);

test('rows whose protection the read told of are not sent, and named', async () => {
  await open(100);
  protect(7, 8, 60);
  const sheet = await answers.open();
  expect(sheet.ok && (await sheet.value.write(armed(...hundred), () => true))).toEqual({
    written: 97,
    refused: [expect.stringMatching(/^rows 7 to 8, 60: protected; let /)],
  });
  expect(writes()).toHaveLength(1);
});

test.each([
  { rows: [2], most: 15 },
  { rows: [101], most: 8 },
  { rows: [7, 60], most: 23 },
])(
  'rows $rows that are protected meanwhile are found by splitting, and all others are written',
  async ({ rows, most }) => {
    const sheet = await open(100);
    protect(...rows);
    const { written, refused } = await sheet.write(armed(...hundred), () => true);
    expect({ written, found: statuses().length }).toEqual({ written: 100 - rows.length, found: 100 - rows.length });
    expect(refused).toEqual([expect.stringMatching(new RegExp(`^rows? ${rows.join(', ')}: protected; `))]);
    expect(writes().length).toBeLessThanOrEqual(most);
  },
);

test('where every row is protected meanwhile, the calls have an end, and what is left is named', async () => {
  const sheet = await open(100);
  protect(...hundred);
  const { written, refused } = await sheet.write(armed(...hundred), () => true);
  expect({ written, calls: writes().length }).toEqual({ written: 0, calls: 24 });
  expect(refused).toEqual([
    expect.stringMatching(/^rows 2 to \d+: protected/),
    expect.stringMatching(/^rows \d+ to 101: not written yet; the next check goes on$/),
  ]);
});

test.each<[name: string, outcome: Fault['outcome'], refused: RegExp]>([
  ['hangs', 'hang', /no answer within 2000 ms; the next check writes what is missing/],
  ['loses its answer', 'lose-answer', /the connection failed.*; the next check writes what is missing/],
  ['is out of order', { status: 503, body: {} }, /out of order \(HTTP 503\); the next check writes what is missing/],
])('a write that %s is sent once', async (_, outcome, expected) => {
  const sheet = await open(1, impatient);
  google.traffic.fault = ({ method }) => (method === 'POST' && outcome ? { outcome } : undefined);
  const { written, refused } = await sheet.write(armed(2), () => true);
  expect({ written, refused, calls: writes().length }).toEqual({
    written: 0,
    refused: [expect.stringMatching(expected)],
    calls: 1,
  });
});

test('a read that hangs is asked once', async () => {
  await open(1, impatient);
  google.traffic.fault = ({ method }) => (method === 'GET' ? { outcome: 'hang' } : undefined);
  google.traffic.requests.length = 0;
  expect(await impatient.open()).toMatchObject({ error: { remedy: 'the next check writes what is missing' } });
  expect(google.calls()).toHaveLength(1);
});

test('what begins as a formula is written as text', async () => {
  const sheet = await open(1);
  await sheet.write([{ row: 2, column: 3, value: '=1+1' }], () => true);
  expect(google.rows()[1]?.[3]).toEqual({ typed: '=1+1', isText: true });
});
