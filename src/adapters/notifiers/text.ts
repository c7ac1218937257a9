import { cutText, type SizeOf, utf16Units } from '../../domain/cut-text.js';
import type { Notification } from './notification.js';

export const utf8Bytes: SizeOf = (character) => Buffer.byteLength(character);

const ellipsis = '…';

/** Half a character or a control code from a cell would make a service refuse the whole message. */
export const cleaned = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[^\P{Cc}\n]/gu, ' ');

/** By whole characters, without a blank before the sign that it was cut. */
export function cut(text: string, limit: number, sizeOf: SizeOf = utf16Units): string {
  const shown = cutText(text, limit, sizeOf);
  return shown === text ? text : shown.replace(/\s+…$/u, ellipsis);
}

export interface CutText {
  readonly title: string;
  readonly text: string;
  readonly isCut: boolean;
}

/** Title and lines within their limits. */
export function cutTo(
  { title, lines }: Pick<Notification, 'title' | 'lines'>,
  limits: { readonly title: number; readonly text: number },
  sizeOf: SizeOf = utf16Units,
): CutText {
  const whole = { title: cleaned(title).replaceAll('\n', ' '), text: cleaned(lines.join('\n')) };
  const shown = { title: cut(whole.title, limits.title, sizeOf), text: cut(whole.text, limits.text, sizeOf) };
  return { ...shown, isCut: shown.title !== whole.title || shown.text !== whole.text };
}

const longestWords = 300;

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/** A key, and the parts that it is made of: a bot's number, the id and token of a webhook's address. */
function piecesOf(key: string): string[] {
  const pieces = key.split(/[/:?&=.]/).filter((piece) => piece.length >= 8);
  return [key, encodeURIComponent(key), ...pieces].filter((piece) => piece.length >= 3);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A service's own words for people, without what `keys` hold, and without anything that looks like a key or address. */
export function shownWords(words: string, keys: unknown): string {
  const pieces = leavesOf(keys)
    .flatMap(piecesOf)
    .sort((a, b) => b.length - a.length);
  const known = pieces.reduce(
    (text, piece) =>
      piece.length < 6
        ? text.replace(new RegExp(`(?<!\\w)${escaped(piece)}(?!\\w)`, 'g'), ellipsis)
        : text.replaceAll(piece, ellipsis),
    words,
  );
  const shown = known
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, ellipsis)
    .replace(/(?=[^\s\d]*\d)[\w+/=:-]{16,}/g, ellipsis)
    .replace(/-?\d{7,}/g, ellipsis);
  return cut(cleaned(shown).replace(/\s+/g, ' ').trim(), longestWords);
}
