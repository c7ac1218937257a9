import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Instruction } from '../../src/domain/alert.js';
import type { Cell, Table } from '../../src/domain/columns.js';
import { alertIdentity } from '../../src/domain/identity.js';
import { type RowError, readRows, type SheetRows } from '../../src/domain/rows.js';
import { above, below } from '../support/builders.js';

const users = ['dmitry', 'default'];
const header = ['symbol', 'condition', 'price', 'user_id', 'exchange', 'active', 'name', 'notes', 'id'];

/** What a row of just symbol, condition and price asks for. */
function asked(overrides: Partial<Instruction> = {}): Instruction {
  const content = { user: 'default', exchange: undefined, symbol: 'BTCUSDT', condition: above('95000'), ...overrides };
  return { id: alertIdentity(content), active: true, name: '', notes: '', ...content };
}

const read = (table: Table): SheetRows => {
  const rows = readRows(table, users);
  if (!rows.ok) throw new Error(rows.error);
  return rows.value;
};

const badRow = (row: number, symbol: string | undefined, message: string): RowError => ({
  row,
  message,
  symbol,
  isDuplicate: false,
});

describe('a row', () => {
  test.each<{ name: string; cells: Cell[]; expected: Instruction }>([
    {
      name: 'of three cells asks with all the rest at its default',
      cells: ['BTCUSDT', 'above', 95000],
      expected: asked(),
    },
    {
      name: 'of all cells is read whole',
      cells: [' btcusdt ', '<=', '95000.10', 'Dmitry', 'Bybit', 'false', ' Dip ', ' buy\nback ', 'dip-1'],
      expected: asked({
        id: 'dip-1',
        user: 'dmitry',
        exchange: 'bybit',
        condition: below('95000.10'),
        active: false,
        name: 'Dip',
        notes: 'buy\nback',
      }),
    },
    {
      name: 'of numbers and booleans is read as it is shown',
      cells: ['BTCUSDT', '>', 0.00001234, '', null, false, 2026, true, 7],
      expected: asked({ condition: above('0.00001234'), active: false, name: '2026', notes: 'true', id: '7' }),
    },
    {
      name: 'longer than the header is read as far as the header goes',
      cells: ['BTCUSDT', 'выше', '95000', ...Array<Cell>(6).fill(undefined), 'mine', 'mine too'],
      expected: asked(),
    },
    {
      name: 'with prototype names in its free cells is read like any other',
      cells: ['BTCUSDT', 'above', 95000, '', '', '', '__proto__', 'constructor', 'constructor'],
      expected: asked({ name: '__proto__', notes: 'constructor', id: 'constructor' }),
    },
    {
      name: 'with endless name and notes is cut before it is stored, at whole characters',
      cells: ['BTCUSDT', 'above', 95000, '', '', '', '🚀'.repeat(50_000), 'n'.repeat(50_000)],
      expected: asked({ name: `${'🚀'.repeat(99)}…`, notes: `${'n'.repeat(499)}…` }),
    },
  ])('$name', ({ cells, expected }) =>
    expect(readRows([header, cells], users)).toEqual({
      ok: true,
      value: { rows: 1, instructions: [expected], errors: [], warnings: [] },
    }),
  );

  test("is read from wherever the columns stand, and the trader's own are ignored", () => {
    const table = [
      ['my plan', 'Target Price', 'pushover_user_key', 'CONDITION', '', 'Symbol'],
      ['hold', 95000, 'uFakeFakeFakeFakeFakeFakeFake1', 'above', 'x', 'BTCUSDT'],
    ];
    const { instructions, errors, warnings } = read(table);
    expect({ instructions, errors }).toEqual({ instructions: [asked()], errors: [] });
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(read(table))).not.toContain('uFake');
  });
});

describe('a row with a mistake', () => {
  const spelling = "the exchange's own spelling, such as BTCUSDT or BTC-USD";
  const userProblem =
    'user_id: no Pushover key for "nobody"; the secret has keys for dmitry, default. Write one of them, or add the key under pushover_users';

  test('tells all its mistakes at once, in the order of the columns', () => {
    const cells = ['BTC USDT', 'constructor', '95,000', 'nobody', 'kraken', 'maybe', '', '', '-'];
    expect(read([header, cells]).errors).toEqual([
      badRow(
        2,
        undefined,
        [
          `symbol: expected ${spelling}, got "BTC USDT"`,
          'condition: expected above (>, >=, выше) or below (<, <=, ниже), got "constructor"',
          'price: expected a plain number, got "95,000"; write 95000 or 95.000',
          userProblem,
          'exchange: expected binance, bybit, coinbase or a blank cell, got "kraken"',
          'active: expected TRUE, FALSE or a blank cell, got "maybe"',
          'id: expected a letter or digit and then at most 63 letters, digits, points, dashes or underscores, got "-"',
        ].join('. '),
      ),
    ]);
  });

  test.each<{ cells: Cell[]; symbol: string | undefined; message: string }>([
    { cells: ['', 'above', 95000], symbol: undefined, message: `symbol is blank: write ${spelling}` },
    { cells: ['BTCUSDT', '', 95000], symbol: 'BTCUSDT', message: 'condition is blank: write above or below' },
    { cells: ['btcusdt', 'above'], symbol: 'BTCUSDT', message: 'price is blank: write a number such as 95000' },
    {
      cells: ['BTCUSDT', 'above', '#N/A'],
      symbol: 'BTCUSDT',
      message: 'price holds the formula error #N/A: repair the formula or write a number such as 95000',
    },
    {
      cells: ['#REF!', 'above', 95000],
      symbol: undefined,
      message: `symbol holds the formula error #REF!: repair the formula or write ${spelling}`,
    },
    { cells: ['BTCUSDT', 'above', 95000, 'nobody'], symbol: 'BTCUSDT', message: userProblem },
    {
      cells: ['BTCUSDT', 'above', 0],
      symbol: 'BTCUSDT',
      message: 'price: expected a number above zero, got 0',
    },
    {
      cells: [95000, 'above', 'BTCUSDT'],
      symbol: undefined,
      message: `symbol: expected ${spelling}, got 95000. price: expected a plain number, got "BTCUSDT"; write digits and at most one point, such as 95000 or 0.00001234`,
    },
  ])('$cells names the alerts it may stand for: $symbol', ({ cells, symbol, message }) =>
    expect(read([header, cells]).errors).toEqual([badRow(2, symbol, message)]),
  );

  test('of seven endless cells gives a message that a person can still read', () => {
    const [error] = read([header, Array<Cell>(9).fill('🚀'.repeat(50_000))]).errors;
    expect(error?.message.length).toBeLessThan(2000);
    expect(error?.message).not.toMatch(/\p{Surrogate}/u);
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
      Array<Cell>(40).fill(''),
    ];
    const { rows, instructions, errors } = read(table);
    expect({ rows, instructions: instructions.length, errors: errors.map(({ row }) => row) }).toEqual({
      rows: 3,
      instructions: 1,
      errors: [5, 7],
    });
  });

  test('start below the header, and a sheet of only a header has none', () => {
    expect(readRows([header], users)).toEqual({
      ok: true,
      value: { rows: 0, instructions: [], errors: [], warnings: [] },
    });
  });
});

describe('equal rows', () => {
  const duplicate = (row: number, message: string): RowError => ({
    row,
    message,
    symbol: 'BTCUSDT',
    isDuplicate: true,
  });
  const advice = 'which counts; delete one of the two, or change what it asks for';

  test.each<{ name: string; second: Cell[] }>([
    { name: 'in other words', second: ['btcusdt', '>=', '95000.00', 'Default'] },
    { name: 'with another name', second: ['BTCUSDT', 'above', 95000, '', '', '', 'Again', 'more notes'] },
    { name: 'of which one is paused', second: ['BTCUSDT', 'above', 95000, '', '', false] },
  ])('$name are one alert, and the second is reported', ({ second }) => {
    const { rows, instructions, errors } = read([header, ['BTCUSDT', 'above', 95000], [], second]);
    expect({ rows, instructions, errors }).toEqual({
      rows: 2,
      instructions: [asked()],
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

  test('of one id are one alert, whatever else they ask for', () => {
    const withId = (cells: Cell[], id: Cell) => [...cells, '', '', '', '', '', id];
    const table = [header, withId(['BTCUSDT', 'above', 95000], 7), withId(['BTCUSDT', 'below', 90000], '7')];
    expect(read(table).instructions).toEqual([asked({ id: '7' })]);
    expect(read(table).errors).toEqual([duplicate(3, `the same id "7" as row 2, ${advice}`)]);
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
    expect(new Set(read(table).instructions.map(({ id }) => id)).size).toBe(6);
  });
});

describe('a sheet', () => {
  test.each<{ name: string; table: Table; came: string; missing: string }>([
    { name: 'without anything', table: [], came: 'nothing', missing: 'symbol and condition and price are' },
    {
      name: 'with a blank first row',
      table: [[], header],
      came: 'nothing',
      missing: 'symbol and condition and price are',
    },
    {
      name: 'without a price column',
      table: [
        ['symbol', 'condition'],
        ['BTCUSDT', 'above'],
      ],
      came: 'symbol, condition',
      missing: 'price is',
    },
  ])('$name is refused as a whole', ({ table, came, missing }) =>
    expect(readRows(table, users)).toEqual({
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
      { cells: ['BTCUSDT', 'above', 1, '__proto__'], says: 'user_id: no Pushover key for "__proto__"' },
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
    const { rows, instructions, errors } = read([header, ...body]);
    expect(rows).toBe(500);
    expect(instructions).toEqual(good.map(([, , target]) => asked({ condition: above(String(target)) })));
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
        const { rows, instructions, errors } = read([header, ...below]);
        expect(instructions.length + errors.length).toBe(rows);
        expect(new Set(instructions.map(({ id }) => id)).size).toBe(instructions.length);
        for (const { row, message } of errors) {
          expect(below[row - 2]).toBeDefined();
          expect(message).not.toBe('');
        }
        expect(() => [readRows([header, ...below], known), readRows(below, known)]).not.toThrow();
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
    const inAnyOrder = ({ rows, instructions, errors }: SheetRows) => ({
      rows,
      ids: instructions.map(({ id }) => id).toSorted(),
      // The first of two equal rows counts, so the number in the message moves with the order.
      messages: errors.map(({ message }) => message.replace(/row \d+/, 'row …')).toSorted(),
    });
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        expect(inAnyOrder(read([header, ...other]))).toEqual(inAnyOrder(read([header, ...rows])));
        const spread = rows.flatMap((cells) => [[], cells, [null, ' ']]);
        expect(read([header, ...spread]).instructions).toEqual(read([header, ...rows]).instructions);
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
        const { instructions, errors } = read([header, ...rows]);
        expect(instructions.map(({ id }) => id)).toEqual([asked({ symbol: 'BTC-USDT', exchange: 'bybit' }).id]);
        expect(errors.map(({ row }) => row)).toEqual(rows.slice(1).map((_, index) => index + 3));
      }),
    );
  });
});
