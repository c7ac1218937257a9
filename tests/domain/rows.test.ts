import { describe, expect, test } from '@jest/globals';
import { Big } from 'big.js';
import fc from 'fast-check';
import type { Alert, AlertSpec } from '../../src/domain/alert.js';
import type { Cell, Table } from '../../src/domain/columns.js';
import { alertIdentity } from '../../src/domain/identity.js';
import { exchangeNames } from '../../src/domain/market.js';
import type { RowTrace } from '../../src/domain/parse-row.js';
import { price } from '../../src/domain/price.js';
import { type RowError, readRows, type SheetRows } from '../../src/domain/rows.js';
import { above, below, blankValues, header, pendingAlert, reading, triggeredAlert } from '../support/builders.js';
import { shownGoingBack, shownWords } from '../support/conditions.js';

const users = ['dmitry', 'default'];

/** What a row of just symbol, condition and price asks for. */
function asked(overrides: Partial<AlertSpec> = {}): AlertSpec {
  const content = { user: 'default', exchange: undefined, symbol: 'BTCUSDT', condition: above('95000'), ...overrides };
  return { ...blankValues(), id: alertIdentity(content), ...content };
}

const read = (table: Table): SheetRows => {
  const rows = readRows(table, reading(users));
  if (!rows.ok) throw new Error(rows.error);
  return rows.value;
};

const nothing: RowTrace = { id: undefined, symbol: undefined, kind: undefined, target: undefined };
const badRow = (row: number, mayBe: Partial<RowTrace>, message: string): RowError => ({
  row,
  message,
  mayBe: { ...nothing, ...mayBe },
});

const duplicate = (row: number, message: string): RowError => ({ row, message, mayBe: undefined });

describe('a row', () => {
  test.each<[name: string, cells: Cell[], expected: AlertSpec]>([
    ['of three cells asks with all the rest at its default', ['BTCUSDT', 'above', 95000], asked()],
    [
      'of all cells is read whole',
      [' btcusdt ', '<=', '95000.10', 'Dmitry', 'Bybit', 'false', ' Dip ', ' buy\nback ', 'dip-1'],
      asked({
        id: 'dip-1',
        user: 'dmitry',
        exchange: 'bybit',
        condition: below('95000.10'),
        active: false,
        name: 'Dip',
        notes: 'buy\nback',
      }),
    ],
    [
      'of numbers and booleans is read as it is shown',
      ['BTCUSDT', '>', 0.00001234, '', null, false, 2026, true, 7],
      asked({ condition: above('0.00001234'), active: false, name: '2026', notes: 'true', id: '7' }),
    ],
    [
      'longer than the header is read as far as the header goes',
      ['BTCUSDT', 'выше', '95000', ...Array<Cell>(6).fill(undefined), 'mine', 'mine too'],
      asked(),
    ],
    [
      'with prototype names in its free cells is read like any other',
      ['BTCUSDT', 'above', 95000, '', '', '', '__proto__', 'constructor', 'constructor'],
      asked({ name: '__proto__', notes: 'constructor', id: 'constructor' }),
    ],
    [
      'with endless name and notes is cut before it is stored, at whole characters',
      ['BTCUSDT', 'above', 95000, '', '', '', '🚀'.repeat(50_000), 'n'.repeat(50_000)],
      asked({ name: `${'🚀'.repeat(99)}…`, notes: `${'n'.repeat(499)}…` }),
    ],
  ])('%s', (_, cells, expected) =>
    expect(readRows([header, cells], reading(users))).toEqual({
      ok: true,
      value: { rows: 1, specs: [expected], errors: [], warnings: [] },
    }),
  );

  test("is read from wherever the columns stand, and the trader's own are ignored", () => {
    const table = [
      ['my plan', 'Target Price', 'pushover_user_key', 'CONDITION', '', 'Symbol'],
      ['hold', 95000, 'uFakeFakeFakeFakeFakeFakeFake1', 'above', 'x', 'BTCUSDT'],
    ];
    const { specs, errors, warnings } = read(table);
    expect({ specs, errors }).toEqual({ specs: [asked()], errors: [] });
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(read(table))).not.toContain('uFake');
  });
});

describe('a row with a mistake', () => {
  const spelling = "the exchange's own spelling, such as BTCUSDT or BTC-USD";
  const userProblem =
    'user_id: no channel in the secret for "nobody"; it has some for dmitry, default. Write one of them, or add the user with a channel under users in the secret';

  test('tells all its mistakes at once, in the order of the columns', () => {
    const cells = ['BTC USDT', 'constructor', '95,000', 'nobody', 'kraken', 'maybe', '', '', '-'];
    expect(read([header, cells]).errors).toEqual([
      badRow(
        2,
        {},
        [
          `symbol: expected ${spelling}, got "BTC USDT"`,
          `condition: expected one of ${shownWords}, got "constructor"`,
          'price: expected a plain number, got "95,000"; write 95000 or 95.000',
          userProblem,
          `exchange: expected ${exchangeNames.join(', ')} or a blank cell, got "kraken"`,
          'active: expected TRUE, FALSE or a blank cell, got "maybe"',
          'id: expected a letter or digit and then at most 63 letters, digits, points, dashes or underscores, got "-"',
        ].join('. '),
      ),
    ]);
  });

  const btc = { symbol: 'BTCUSDT' };
  const above95k = { kind: 'above', target: price('95000') } as const;
  test.each<[cells: Cell[], mayBe: Partial<RowTrace>, message: string]>([
    [['', 'above', 95000], above95k, `symbol is blank: write ${spelling}`],
    [['BTCUSDT', '', 95000], { ...btc, target: price('95000') }, 'condition is blank: write above or below'],
    [['btcusdt', 'above'], { ...btc, kind: 'above' }, 'price is blank: write a number such as 95000'],
    [
      ['BTCUSDT', 'above', '#N/A'],
      { ...btc, kind: 'above' },
      'price holds the formula error #N/A: repair the formula or write a number such as 95000',
    ],
    [
      ['#REF!', 'above', 95000],
      above95k,
      `symbol holds the formula error #REF!: repair the formula or write ${spelling}`,
    ],
    [['BTCUSDT', 'above', 95000, 'nobody'], { ...btc, ...above95k }, userProblem],
    [['BTCUSDT', 'above', 95000, 'nobody', '', '', '', '', 'mine'], { id: 'mine', ...btc, ...above95k }, userProblem],
    [['BTCUSDT', 'above', 0], { ...btc, kind: 'above' }, 'price: expected a number above zero, got 0'],
    [
      [95000, 'above', 'BTCUSDT'],
      { kind: 'above' },
      `symbol: expected ${spelling}, got 95000. price: expected a plain number, got "BTCUSDT"; write digits and at most one point, such as 95000 or 0.00001234`,
    ],
  ])('%p leaves what could be read of it', (cells, mayBe, message) =>
    expect(read([header, cells]).errors).toEqual([badRow(2, mayBe, message)]),
  );

  test('of seven endless cells gives a message that a person can still read', () => {
    const [error] = read([header, Array<Cell>(9).fill('🚀'.repeat(50_000))]).errors;
    expect(error?.message.length).toBeLessThan(2000);
    expect(error?.message).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('a row of the columns for repeating, ending and loudness', () => {
  const wide = ['symbol', 'condition', 'price', 'Repeat', 'EXPIRES', 'priority'];

  test('is read whole', () => {
    expect(read([wide, ['BTCUSDT', 'above', 95000, '1h back', '2026-12-31', 'urgent']]).specs).toEqual([
      asked({
        repeat: { text: '1h back', afterMs: 3_600_000, back: { share: new Big(0) } },
        expires: { text: '2026-12-31', at: Date.parse('2027-01-01T00:00Z') },
        priority: 'urgent',
      }),
    ]);
  });

  test('keeps the identity that it has without them', () => {
    const [spec] = read([wide, ['BTCUSDT', 'above', 95000, 'always', '30d', 'low']]).specs;
    expect(spec?.id).toBe(asked().id);
  });

  test('tells what is wrong with each', () => {
    expect(read([wide, ['BTCUSDT', 'rises', '5', 'back', '05/06/2026', 'loud']]).errors).toEqual([
      badRow(
        2,
        { symbol: 'BTCUSDT', kind: 'rises' },
        [
          'condition: rises needs "5% in 1h" in the price cell, got "5"',
          `repeat: rises has no other side to go back to, got "back"; write a time such as 1h, or always. back fits ${shownGoingBack}`,
          'expires: "05/06/2026" may be two days; write 2026-05-06 or 2026-06-05, and format the cell as plain text',
          'priority: expected low, normal, high, urgent or a blank cell, got "loud"',
        ].join('. '),
      ),
    ]);
  });

  test('whose end has passed is an error where it has no alert yet, and none where it has', () => {
    const table = [wide, ['BTCUSDT', 'above', 95000, '', '2026-11-19']];
    const ended = { text: '2026-11-19', at: Date.parse('2026-11-20T00:00Z') };
    const withStored = (stored: readonly Alert[]) => {
      const rows = readRows(table, reading(users), stored);
      if (!rows.ok) throw new Error(rows.error);
      return { specs: rows.value.specs, errors: rows.value.errors };
    };
    const message =
      'expires: 2026-11-19 has passed, so the alert would never fire; write a later date, or delete the row';
    expect(withStored([])).toEqual({ specs: [], errors: [{ row: 2, message, mayBe: undefined }] });
    const spec = asked({ expires: ended });
    expect(withStored([pendingAlert({ ...spec, user: 'default' })])).toEqual({ specs: [spec], errors: [] });
  });
});

describe('row numbers', () => {
  test('are those a person sees, whatever stands between', () => {
    const table = [
      header,
      [],
      ['BTCUSDT', 'above', 95000],
      [null, '', ' ', 'dmitry', 'kraken', false, 'a heading', '', 'x'],
      ['BTCUSDT', 'above', 'moon'],
      ['', '', ''],
      ['ETHUSDT', 'sideways', 2500],
      ['— swing trades —'],
      ['BTCUSDT', ' ', null, 'nobody', 'kraken', true, '', '', '-'],
      Array<Cell>(40).fill(''),
    ];
    const { rows, specs, errors } = read(table);
    expect({ rows, specs: specs.length, errors: errors.map(({ row }) => row) }).toEqual({
      rows: 3,
      specs: 1,
      errors: [5, 7],
    });
  });

  test('start below the header, and a sheet of only a header has none', () => {
    expect(readRows([header], reading(users))).toEqual({
      ok: true,
      value: { rows: 0, specs: [], errors: [], warnings: [] },
    });
  });
});

describe('equal rows', () => {
  const advice = 'which counts; delete one of the two, or change what it asks for';

  test.each<{ name: string; second: Cell[] }>([
    { name: 'in other words', second: ['btcusdt', '>=', '95000.00', 'Default'] },
    { name: 'with another name', second: ['BTCUSDT', 'above', 95000, '', '', '', 'Again', 'more notes'] },
    { name: 'of which one is paused', second: ['BTCUSDT', 'above', 95000, '', '', false] },
  ])('$name are one alert, and the second is reported', ({ second }) => {
    const { rows, specs, errors } = read([header, ['BTCUSDT', 'above', 95000], [], second]);
    expect({ rows, specs, errors }).toEqual({
      rows: 2,
      specs: [asked()],
      errors: [duplicate(4, `the same alert as row 2, ${advice}`)],
    });
  });

  test('are each reported against the first', () => {
    const { errors } = read([header, ...Array<Cell[]>(3).fill(['BTCUSDT', 'above', 95000])]);
    expect(errors).toEqual([
      duplicate(3, `the same alert as row 2, ${advice}`),
      duplicate(4, `the same alert as row 2, ${advice}`),
    ]);
  });

  test('of two users, exchanges or spellings of the market are not equal', () => {
    const table = [
      header,
      ['BTCUSDT', 'above', 95000],
      ['BTCUSDT', 'above', 95000, 'dmitry'],
      ['BTCUSDT', 'above', 95000, '', 'binance'],
      ['BTC-USDT', 'above', 95000],
      ['BTCUSDT', 'below', 95000],
      ['BTCUSDT', 'above', '95000.01'],
    ];
    expect(read(table)).toMatchObject({ rows: 6, errors: [] });
    expect(new Set(read(table).specs.map(({ id }) => id)).size).toBe(6);
  });
});

describe('rows with one id', () => {
  const cells = (target: Cell, id: Cell = 'mine'): Cell[] => ['BTCUSDT', 'above', target, '', '', '', '', '', id];
  const alertOf = (target: string, id?: string) => pendingAlert(asked({ condition: above(target), ...(id && { id }) }));
  const short = (id: string) => (id.length === 20 ? 'derived' : id);
  const settled = (rows: Cell[][], stored: readonly Alert[]) => {
    const sheet = readRows([header, ...rows], reading(users), stored);
    if (!sheet.ok) throw new Error(sheet.error);
    const { specs, errors, warnings } = sheet.value;
    return {
      ids: specs.map(({ id, condition }) => `${condition.target.text} ${short(id)}`).join(', '),
      traced: errors.map(({ mayBe }) => mayBe?.id),
      warnings,
    };
  };
  const twice = (id: string, outcome: string) =>
    `the id "${id}" stands in rows 2 and 3: ${outcome} counts as a row without an id. Empty the id cell of the copied row`;
  const mine = alertOf('1', 'mine');

  test.each<[name: string, rows: Cell[][], stored: readonly Alert[], expected: ReturnType<typeof settled>]>([
    [
      'nothing is stored: the first keeps it',
      [cells(1), cells(2)],
      [],
      { ids: '1 mine, 2 derived', traced: [], warnings: [twice('mine', 'row 2 keeps it, row 3')] },
    ],
    [
      'a number and its text are one id',
      [cells(1, 7), cells(2, '7')],
      [],
      { ids: '1 7, 2 derived', traced: [], warnings: [twice('7', 'row 2 keeps it, row 3')] },
    ],
    [
      'the last is the stored one, in another spelling and fired',
      [cells(1), cells(2), cells('3.0')],
      [triggeredAlert(asked({ condition: above('3'), id: 'mine' }))],
      {
        ids: '1 derived, 2 derived, 3.0 mine',
        traced: [],
        warnings: [
          'the id "mine" stands in rows 2, 3 and 4: row 4 keeps it, rows 2 and 3 count as rows without an id. Empty the id cells of the copied rows',
        ],
      },
    ],
    [
      'none is the stored one: one that already counts as without does not take it over',
      [cells(2), cells(9)],
      [mine, alertOf('2')],
      { ids: '2 derived, 9 mine', traced: [], warnings: [twice('mine', 'row 3 keeps it, row 2')] },
    ],
    [
      'the stored one may be the one that cannot be read: it stays with that',
      [cells(2), cells('1,5')],
      [mine],
      { ids: '2 derived', traced: ['mine'], warnings: [twice('mine', 'it stays with row 3, row 2')] },
    ],
    [
      'the one that cannot be read is not the stored one',
      [cells('1,5'), cells(1)],
      [mine],
      { ids: '1 mine', traced: [undefined], warnings: [twice('mine', 'row 3 keeps it, row 2')] },
    ],
    ['equal rows are one alert', [cells(1), cells('1.0')], [], { ids: '1 mine', traced: [undefined], warnings: [] }],
    [
      'a row alone follows its id to a new target',
      [cells(2)],
      [mine, alertOf('2')],
      { ids: '2 mine', traced: [], warnings: [] },
    ],
  ])('%s', (_, rows, stored, expected) => expect(settled(rows, stored)).toEqual(expected));

  test('that is what the content of another gives: the first counts, and the second is reported', () => {
    const { id } = asked();
    const table = [header, cells(96000, id), ['BTCUSDT', 'above', 95000]];
    expect(read(table).specs).toEqual([asked({ condition: above('96000'), id })]);
    expect(read(table).errors).toEqual([
      duplicate(3, `the same id "${id}" as row 2, which counts; delete one of the two, or change what it asks for`),
    ]);
  });
});

describe('a sheet', () => {
  const noPrices = [
    ['symbol', 'condition'],
    ['BTCUSDT', 'above'],
  ];
  test.each<[name: string, table: Table, came: string, missing: string]>([
    ['without anything', [], 'nothing', 'symbol and condition and price are'],
    ['with a blank first row', [[], header], 'nothing', 'symbol and condition and price are'],
    ['without a price column', noPrices, 'symbol, condition', 'price is'],
  ])('%s is refused as a whole', (_, table, came, missing) =>
    expect(readRows(table, reading(users))).toEqual({
      ok: false,
      error: `the first row must name the columns symbol, condition and price; ${missing} missing (the first row holds: ${came})`,
    }),
  );

  test('of 500 rows with one of each mistake: every good row is read, every bad one is named', () => {
    const mistakes: { cells: Cell[]; says: string }[] = [
      { cells: ['', 'above', 1], says: 'symbol is blank' },
      { cells: ['#REF!', 'above', 1], says: 'symbol holds the formula error #REF!' },
      { cells: ['BTC USDT', 'above', 1], says: 'symbol: expected' },
      { cells: ['BTCUSDT', '', 1], says: 'condition is blank' },
      { cells: ['BTCUSDT', 'constructor', 1], says: 'condition: expected' },
      { cells: ['BTCUSDT', 'above', ''], says: 'price is blank' },
      { cells: ['BTCUSDT', 'above', '#DIV/0!'], says: 'price holds the formula error #DIV/0!' },
      { cells: ['BTCUSDT', 'above', 0], says: 'price: expected a number above zero' },
      { cells: ['BTCUSDT', 'above', true], says: 'price: expected a number above zero' },
      { cells: ['BTCUSDT', 'above', '95,000'], says: 'price: expected a plain number' },
      { cells: ['BTCUSDT', 'above', '🚀'.repeat(50_000)], says: 'price: expected a plain number' },
      { cells: ['BTCUSDT', 'above', 1, '__proto__'], says: 'user_id: no channel in the secret for "__proto__"' },
      { cells: ['BTCUSDT', 'above', 1, '', 'kraken'], says: 'exchange: expected' },
      { cells: ['BTCUSDT', 'above', 1, '', '', 'constructor'], says: 'active: expected' },
      { cells: ['BTCUSDT', 'above', 1, '', '', '', '', '', '#'], says: 'id: expected' },
      { cells: ['BTCUSDT', 'above', 1_000], says: 'the same alert as row 2,' },
    ];
    // One mistake after every thirty good rows.
    const good = Array.from({ length: 500 - mistakes.length }, (_, index): Cell[] => [
      'BTCUSDT',
      'above',
      1_000 + index,
    ]);
    const body = mistakes.flatMap(({ cells }, index) => [...good.slice(index * 30, index * 30 + 30), cells]);
    body.push(...good.slice(mistakes.length * 30));
    const { rows, specs, errors } = read([header, ...body]);
    expect(rows).toBe(500);
    expect(specs).toEqual(good.map(([, , target]) => asked({ condition: above(String(target)) })));
    expect(errors.map(({ row, message }) => ({ row, message }))).toEqual(
      mistakes.map(({ says }, index) => ({ row: 2 + (index + 1) * 31 - 1, message: expect.stringContaining(says) })),
    );
  });
});

describe('whatever stands in the cells', () => {
  const anyCell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined, '', 'above', '<', 'BTCUSDT', '95,000', 95000, 'constructor', '__proto__', '#N/A'),
  );
  const anyTable = fc.array(fc.array(anyCell, { maxLength: 12 }), { maxLength: 12 });

  test('reading never throws, and every row is an alert, an error or empty', () => {
    fc.assert(
      fc.property(anyTable, fc.option(fc.array(fc.string()), { nil: undefined }), (below, known) => {
        const { rows, specs, errors } = read([header, ...below]);
        expect(specs.length + errors.length).toBe(rows);
        expect(new Set(specs.map(({ id }) => id)).size).toBe(specs.length);
        for (const { row, message } of errors) {
          expect(below[row - 2]).toBeDefined();
          expect(message).not.toBe('');
        }
        expect(() => [readRows([header, ...below], reading(known)), readRows(below, reading(known))]).not.toThrow();
      }),
    );
  });

  const goodRow = fc
    .tuple(
      fc.constantFrom('BTCUSDT', 'ETH-USD', 'SOLUSDT'),
      fc.constantFrom('above', 'below'),
      fc.integer({ min: 1, max: 50 }),
    )
    .map((cells): Cell[] => cells);
  const badOrBlank = fc.constantFrom<Cell[]>([], ['', ''], ['BTCUSDT', 'sideways', 1], ['BTCUSDT', 'above', 'moon']);

  test('order and blank lines change nothing but row numbers', () => {
    const shuffled = fc
      .array(fc.oneof(goodRow, badOrBlank), { maxLength: 30 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    const inAnyOrder = ({ rows, specs, errors }: SheetRows) => ({
      rows,
      ids: specs.map(({ id }) => id).toSorted(),
      // The first of two equal rows counts, so the number in the message moves with the order.
      messages: errors.map(({ message }) => message.replace(/row \d+/, 'row …')).toSorted(),
    });
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        expect(inAnyOrder(read([header, ...other]))).toEqual(inAnyOrder(read([header, ...rows])));
        const spread = rows.flatMap((cells) => [[], cells, [null, ' ']]);
        expect(read([header, ...spread]).specs).toEqual(read([header, ...rows]).specs);
      }),
    );
  });

  test('equal content gives one alert, in whatever spelling', () => {
    const spelled = fc.tuple(
      fc.constantFrom<Cell>('BTC-USDT', 'btc/usdt', ' Btc_Usdt '),
      fc.constantFrom<Cell>('above', '>', '>=', 'ВЫШЕ'),
      fc.constantFrom<Cell>(95000, '95000', '95000.00', ' 095000 '),
      fc.constantFrom<Cell>('', null, 'default', 'DEFAULT'),
      fc.constantFrom<Cell>('bybit', ' BYBIT '),
      fc.constantFrom<Cell>(true, false, ''),
    );
    fc.assert(
      fc.property(fc.array(spelled, { minLength: 1, maxLength: 10 }), (rows) => {
        const { specs, errors } = read([header, ...rows]);
        expect(specs.map(({ id }) => id)).toEqual([asked({ symbol: 'BTC-USDT', exchange: 'bybit' }).id]);
        expect(errors.map(({ row }) => row)).toEqual(rows.slice(1).map((_, index) => index + 3));
      }),
    );
  });
});
