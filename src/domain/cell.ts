import type { Cell } from './columns.js';
import { cutText } from './cut-text.js';
import { type ExchangeName, exchangeNames } from './market.js';
import { decimalText, readNumber } from './number-text.js';
import type { Price } from './price.js';
import { err, ok, type Result } from './result.js';
import { askedSymbol, canonicalSymbol } from './symbol.js';

/** Every reader below gives a value or a sentence that says what was expected, what came and what to write. */
type Read<T> = Result<T, string>;

export const isBlank = (cell: Cell): boolean =>
  typeof cell === 'string' ? cell.trim() === '' : cell === null || cell === undefined;

export const textOf = (cell: Cell): string => (isBlank(cell) ? '' : String(cell).trim());

export const shortened = (cell: Cell, longest: number): string => cutText(textOf(cell), longest);

const longestQuote = 60;

/** As keys and tokens for pushes look. https://pushover.net/api#identifiers */
const key = /(?<![A-Za-z0-9])[A-Za-z0-9]{30}(?![A-Za-z0-9])/g;

/** A cell as it is quoted back, cut so that one cell cannot fill the report, and without a key that was pasted into it. */
export function shownCell(cell: Cell): string {
  const cut = shortened(textOf(cell).replace(key, '(30 characters, as a key has)'), longestQuote);
  return typeof cell === 'string' ? `"${cut}"` : cut;
}

/** Of a cell that holds a word or two: what is longer may be a key or an address, of which only the length is told. */
export function shownBriefly(cell: Cell): string {
  const { length } = textOf(cell);
  return length <= 20 ? shownCell(cell) : `${length} characters`;
}

/** Sheets shows a broken formula as `#N/A`, `#REF!` and so on. */
const isFormulaError = (cell: Cell): boolean => typeof cell === 'string' && /^#[A-Z/0]+[!?]?$/.test(cell.trim());

/** What is said of a cell that holds nothing to read, before anything else is said of it. */
export function blankOrBroken(column: string, cell: Cell, example: string): string | undefined {
  if (isBlank(cell)) return `${column} is blank: write ${example}`;
  if (isFormulaError(cell))
    return `${column} holds the formula error ${textOf(cell)}: repair the formula or write ${example}`;
  return undefined;
}

const exchangeNamed = (text: string): ExchangeName | undefined =>
  exchangeNames.find((known) => known === text.toLowerCase());

export function readSymbol(cell: Cell): Read<string> {
  const problem = blankOrBroken('symbol', cell, "the exchange's own spelling, such as BTCUSDT or BTC-USD");
  if (problem !== undefined) return err(problem);
  const written = canonicalSymbol(textOf(cell));
  const { prefix, symbol } = askedSymbol(written);
  if (prefix !== undefined && exchangeNamed(prefix) === undefined) {
    return err(
      `symbol: expected ${exchangeNames.map((name) => `${name.toUpperCase()}:`).join(', ')} or nothing before the symbol, got ${shownCell(cell)}`,
    );
  }
  // Without a letter it is no symbol but a price in the wrong column.
  if (symbol.length > 40 || !/\p{L}/u.test(symbol) || !/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)?$/u.test(symbol)) {
    return err(`symbol: expected the exchange's own spelling, such as BTCUSDT or BTC-USD, got ${shownCell(cell)}`);
  }
  return ok(written);
}

/** What to write instead, so that it can be copied. */
const priceRemedy = (spellings: readonly string[]): string =>
  spellings.length === 0
    ? 'write digits and at most one point, such as 95000 or 0.00001234'
    : `write ${spellings.join(' or ')}`;

/** A number cell, or plain decimal text. Text keeps its digits to the message: `95000.10` stays `95000.10`. */
export function readTarget(cell: Cell): Read<Price> {
  const problem = blankOrBroken('price', cell, 'a number such as 95000');
  if (problem !== undefined) return err(problem);
  if (typeof cell === 'boolean') return err(`price: expected a number above zero, got ${shownCell(cell)}`);
  const text = typeof cell === 'number' && Number.isFinite(cell) ? decimalText(cell) : textOf(cell);
  const price = readNumber(text);
  if (price.ok) return price;
  if (/^-?[\d.]+$/.test(text) && Number(text) <= 0)
    return err(`price: expected a number above zero, got ${shownCell(cell)}`);
  return err(`price: expected a plain number, got ${shownCell(cell)}; ${priceRemedy(price.error)}`);
}

/** TradingView's whole form of a symbol names the exchange too, and must not contradict the exchange's own cell. */
export function readExchange(cell: Cell, symbolCell?: Cell): Read<ExchangeName | undefined> {
  const { prefix = '' } = askedSymbol(canonicalSymbol(textOf(symbolCell)));
  const inSymbol = exchangeNamed(prefix);
  if (isBlank(cell)) return ok(inSymbol);
  const name = exchangeNamed(textOf(cell));
  if (name === undefined) {
    return err(`exchange: expected ${exchangeNames.join(', ')} or a blank cell, got ${shownCell(cell)}`);
  }
  return inSymbol === undefined || inSymbol === name
    ? ok(name)
    : err(
        `exchange: ${shownCell(cell)} contradicts ${prefix}: in the symbol cell; write one exchange in both, or leave this cell blank`,
      );
}

const activeWords: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  да: true,
  false: false,
  no: false,
  '0': false,
  нет: false,
};

export function readActive(cell: Cell): Read<boolean> {
  if (isBlank(cell)) return ok(true);
  const word = textOf(cell).toLowerCase();
  const active = Object.hasOwn(activeWords, word) ? activeWords[word] : undefined;
  return active === undefined
    ? err(`active: expected TRUE, FALSE or a blank cell, got ${shownCell(cell)}`)
    : ok(active);
}

/** `knownUsers` undefined accepts any name: on a laptop without keys the pushes go to the terminal. */
export function readUser(cell: Cell, knownUsers: readonly string[] | undefined): Read<string> {
  const written = textOf(cell) || 'default';
  if (written.length > 60) return err(`user_id: expected a short name, got ${shownCell(cell)}`);
  if (knownUsers?.includes(written)) return ok(written);
  if (new RegExp(`^${key.source}$`).test(written)) {
    return err(
      'user_id: expected the name of a user, got what looks like a key; delete it here, put it into the secret under users, and write the name of its user',
    );
  }
  if (knownUsers === undefined) return ok(written);
  const [alike, ...more] = knownUsers.filter((user) => user.toLowerCase() === written.toLowerCase());
  if (alike !== undefined && more.length === 0) return ok(alike);
  return err(
    `user_id: no channel in the secret for ${isBlank(cell) ? 'the user "default" (the cell is blank)' : shownCell(cell)};` +
      ` it has some for ${knownUsers.length > 0 ? knownUsers.join(', ') : 'nobody'}. Write one of them, or add the user with a channel under users in the secret`,
  );
}

/** Undefined where the cell is blank: then the id is derived from the content. */
export function readId(cell: Cell): Read<string | undefined> {
  if (isBlank(cell)) return ok(undefined);
  const id = textOf(cell);
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(id)
    ? ok(id)
    : err(
        `id: expected a letter or digit and then at most 63 letters, digits, points, dashes or underscores, got ${shownCell(cell)}`,
      );
}
