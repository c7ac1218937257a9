import { findConditionName } from '../conditions/registry.js';

/** The three required cells, as somebody wrote them in a line: `BTCUSDT falls from high 7%`. What is not there is blank. */
export function alertCells(text: string): { symbol: string; condition: string; price: string } {
  const [symbol = '', ...words] = text.trim().split(/\s+/u);
  // The longest first: `falls from high` begins with `falls`.
  for (let count = words.length; count > 0; count -= 1) {
    const condition = words.slice(0, count).join(' ');
    if (findConditionName(condition) !== undefined) return { symbol, condition, price: words.slice(count).join(' ') };
  }
  const [condition = '', ...price] = words;
  return { symbol, condition, price: price.join(' ') };
}
