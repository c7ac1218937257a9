import * as fc from 'fast-check';
import type { Alert, AlertSpec, Delivery } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import { type Condition, conditionNames, conditionOf, kindNamed } from '../../src/domain/conditions/registry.js';
import type { ChannelDelivery } from '../../src/domain/delivery/channel.js';
import { priorities } from '../../src/domain/fields/priority.js';
import { repeatField } from '../../src/domain/fields/repeat.js';
import { exchangeNames, marketKinds } from '../../src/domain/market.js';
import { blankValues, header, reading } from '../support/builders.js';

const priceText = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.option(fc.stringMatching(/^\d{1,12}$/), { nil: undefined }))
  .map(([whole, decimals]) => (decimals === undefined ? String(whole) : `${whole}.${decimals}`))
  .filter((text) => Number(text.replace('.', '')) > 0);

/** What traders, formulas and hands on the wrong key leave in a cell. */
export const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constantFrom<Cell>(
    '',
    ' ',
    null,
    undefined,
    true,
    false,
    0,
    -0,
    -1,
    1e-9,
    1e21,
    Number.NaN,
    '#N/A',
    '#REF!',
    '__proto__',
  ),
  fc.constantFrom<Cell>('BTCUSDT', 'btc/usdt', 'above', '>=', 'ниже', 'binance', 'Coinbase', 'TRUE', 'нет', 'dmitry'),
  fc.constantFrom<Cell>('95,000', '95.000,00', '1e5', '$ 95 000', "95'000.50", '٣', '９', '+1', '.5', '5.', '00'),
  priceText,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

/** A row that is right or nearly so. */
export const likelyRow = fc
  .record({
    symbol: fc.constantFrom<Cell>('BTCUSDT', ' btcusdt', 'ETH-USD', 'NOSUCHUSDT', ''),
    condition: fc.constantFrom<Cell>('above', '<', 'выше', 'near', 'crosses up', 'внутри', 'Rises', 'откат'),
    price: fc.oneof<fc.Arbitrary<Cell>[]>(
      priceText,
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.constantFrom('95,000', 0, '90000..95000', '5% in 1h', '3 %', '5 % за 1ч'),
    ),
    user: fc.constantFrom<Cell>('dmitry', 'DMITRY', '', 'boris'),
    exchange: fc.constantFrom<Cell>('', 'binance', 'Bybit', 'kraken'),
    active: fc.constantFrom<Cell>('', true, false, 'no'),
    name: fc.oneof<fc.Arbitrary<Cell>[]>(fc.string({ maxLength: 120 }), fc.constant('')),
    notes: fc.oneof<fc.Arbitrary<Cell>[]>(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constant('')),
    id: fc.constantFrom<Cell>('', '', '', 'a', 'b.1', '-'),
  })
  .map((row): Cell[] => Object.values(row));

/** Any cells under the right header, or under any other. */
export const table = fc.oneof(
  fc.array(fc.oneof(likelyRow, fc.array(cell, { maxLength: 12 })), { maxLength: 12 }).map((rows) => [header, ...rows]),
  fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 6 }),
);

const instant = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength });
const exchange = fc.option(fc.constantFrom(...exchangeNames), { nil: undefined });

/** Of every kind; a price is what most targets are. */
const condition: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom(...conditionNames), priceText)
  .map(([name, target]) => {
    const read = [conditionOf(name, target), conditionOf(name, kindNamed(name).example)].find(({ ok }) => ok);
    if (!read?.ok) throw new Error(`expected a target of ${name}`);
    return read.value;
  });

const says = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,20}$/),
  user: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  exchange,
  symbol: fc.constantFrom('BTCUSDT', 'BTC-USD', '币安人生USDT'),
  condition,
  active: fc.boolean(),
  repeat: fc.constantFrom('', '1h', 'always', 'back 0.5% 2d', '1 час назад').map((cell) => {
    const read = repeatField.read({ repeat: cell, condition: 'above' }, reading());
    if (!read.ok) throw new Error(`expected a repeat, got ${cell}`);
    return read.value;
  }),
  expires: fc.option(fc.record({ text: fc.constantFrom('30d', '2026-12-31'), at: instant }), { nil: undefined }),
  priority: fc.constantFrom(...priorities),
  name: text(30),
  notes: text(60),
});

const spec: fc.Arbitrary<AlertSpec> = says.map((said) => ({ ...blankValues(), ...said }));

const stored = fc.record({
  armedAt: instant,
  createdAt: instant,
  triggeredAt: fc.option(instant, { nil: undefined }),
  triggeredCount: fc.nat(),
});

const open = {
  isPossibleRepeat: fc.boolean(),
  nextAttemptAt: fc.option(instant, { nil: undefined }),
  lastError: fc.option(text(40), { nil: undefined }),
};

const channel: fc.Arbitrary<ChannelDelivery> = fc
  .tuple(
    fc.constantFrom('pushover', 'telegram', 'webhook'),
    fc.oneof(
      fc.record({ state: fc.constantFrom('waiting' as const, 'refused' as const), ...open }),
      fc.record({
        state: fc.constant('accepted' as const),
        at: instant,
        receipt: fc.option(fc.uuid(), { nil: undefined }),
      }),
      fc.record({ state: fc.constant('given-up' as const), lastError: open.lastError }),
    ),
  )
  .map(([name, state]) => ({ channel: name, ...state }));

const outbox = fc.record({
  fireId: fc.uuid(),
  trigger: fc.record({
    market: fc.record({
      exchange: fc.constantFrom(...exchangeNames),
      kind: fc.constantFrom(...marketKinds),
      symbol: fc.constantFrom('BTCUSDT', 'BTC-USD'),
    }),
    price: priceText,
    touchedAt: instant,
    lastPrice: priceText,
    lastPriceAt: instant,
    reference: fc.option(fc.record({ price: priceText, at: instant }), { nil: undefined }),
  }),
  claimedAt: instant,
  attempts: fc.nat(),
  leaseBy: fc.uuid(),
  leaseUntil: fc.option(instant, { nil: undefined }),
  ...open,
});

/** On the one channel of the first version, or on several. */
const delivery: fc.Arbitrary<Delivery> = fc
  .tuple(outbox, fc.option(fc.array(channel, { minLength: 2, maxLength: 3 })))
  .map(([rest, channels]) => {
    const { isPossibleRepeat, nextAttemptAt, lastError } = rest;
    const only = { channel: 'pushover', state: 'waiting' as const, isPossibleRepeat, nextAttemptAt, lastError };
    return { ...rest, channels: channels ?? [only] };
  });

const waiting = fc.constantFrom('pending' as const, 'triggered' as const);

/** Any alert that the table may hold. */
export const alert: fc.Arbitrary<Alert> = fc
  .tuple(
    spec,
    stored,
    fc.oneof(
      fc.record({ status: waiting }),
      fc.record({ status: fc.constant('notifying' as const), delivery }),
      fc.record({ status: fc.constant('expired' as const), expiredAt: instant, statusBefore: waiting }),
    ),
  )
  .map(([asked, kept, state]): Alert => ({ ...asked, ...kept, ...state }));

/** Bodies of the worst days: any JSON, cut JSON, none, a page. */
export const anyBody = (likely: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: likely.map((value) => JSON.stringify(value) ?? '') },
    { weight: 2, arbitrary: fc.json() },
    {
      weight: 1,
      arbitrary: fc.tuple(likely, fc.nat(60)).map(([value, length]) => (JSON.stringify(value) ?? '').slice(0, length)),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 50 }) },
    { weight: 1, arbitrary: fc.constantFrom('', '<html><body>Bad gateway</body></html>', 'null', '[]', '{}') },
  );
