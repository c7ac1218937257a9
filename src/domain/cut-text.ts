/** How much of a limit one character takes. */
export type SizeOf = (character: string) => number;

export const characters: SizeOf = () => 1;
export const utf16Units: SizeOf = (character) => character.length;

const ellipsis = '…';

/** Cut by whole characters, so that no emoji is halved and no escape of `sizeOf`'s kind; the limit is in its units. */
export function cutText(text: string, limit: number, sizeOf: SizeOf = characters): string {
  const room = limit - sizeOf(ellipsis);
  let size = 0;
  let length = 0;
  let lengthWithRoom = 0;
  for (const character of text) {
    size += sizeOf(character);
    if (size > limit) return `${text.slice(0, lengthWithRoom)}${ellipsis}`;
    length += character.length;
    if (size <= room) lengthWithRoom = length;
  }
  return text;
}
