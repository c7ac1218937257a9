import { shownPrice } from '../../../domain/price.js';
import type { ChartLine } from './line-mark.js';

/** Among the keys of the alerts' lines. */
export const newKey = 'new';

/** A line of no alert yet, which is moved from the last price to where one shall be. */
export const newLine = (symbol: string, price: string): ChartLine => ({
  key: newKey,
  name: `New alert on ${symbol}: target price`,
  ...{ label: 'new', look: 'armed', isOwn: true, price: shownPrice(price), state: 'armed', canMove: true },
});

/** The line is there while its handle has the focus; Escape gives that back to what had it before. */
export function holdFocus(handle: HTMLElement, onLeave: () => void): void {
  const before = document.activeElement;
  // Some browsers take the focus from a button that is pressed.
  handle.addEventListener('blur', () => handle.dataset.mode !== 'held' && onLeave());
  handle.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    if (before instanceof HTMLElement && before !== document.body) before.focus();
    else handle.blur();
  });
  handle.focus();
}
