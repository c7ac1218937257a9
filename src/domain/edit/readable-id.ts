const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/gu, '');

/** Neither `l` and `1` nor `o` and `0`. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/**
 * `btcusdt-above-7f3k`: short enough to say, and no other row's. `random` gives whole numbers below its argument; what
 * the row asks for may change later, and the id then stays.
 */
export function readableId(
  { symbol, condition }: { readonly symbol: string; readonly condition: string },
  random: (below: number) => number,
  isTaken: (id: string) => boolean,
): string {
  for (;;) {
    const end = Array.from({ length: 4 }, () => letters[random(letters.length)]).join('');
    const id = `${slug(`${symbol} ${condition}`).slice(0, 59)}-${end}`;
    if (!isTaken(id)) return id;
  }
}
