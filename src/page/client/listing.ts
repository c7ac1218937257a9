import type { AlertState, AlertView, PriceView } from '../protocol.js';
import { distanceOf, isWatched, marketKeyOf, states } from './shown.js';

export interface Listed {
  readonly alert: AlertView;
  readonly price: PriceView | undefined;
  /** In percent; undefined where there is no price, or no line. */
  readonly distance: number | undefined;
}

export type SortKey = 'distance' | 'alert' | 'state';

export interface Asked {
  readonly text: string;
  readonly state: AlertState | undefined;
  readonly sort: SortKey;
  readonly isDescending: boolean;
}

export const listed = (alerts: readonly AlertView[], prices: ReadonlyMap<string, PriceView>): readonly Listed[] =>
  alerts.map((alert) => {
    const price = alert.market && prices.get(marketKeyOf(alert.market));
    return { alert, price, distance: distanceOf(alert, price?.price) };
  });

const searched = ({ alert }: Listed): string =>
  [alert.symbol, alert.condition, alert.target, alert.name, alert.notes, alert.user, alert.exchange, alert.state]
    .join(' ')
    .toLowerCase();

/** Every word has to be found somewhere in the row; commas within numbers do not count. */
function hasWords(each: Listed, words: readonly string[]): boolean {
  const text = searched(each);
  return words.every((word) => text.includes(word));
}

const order: Readonly<Record<SortKey, (a: Listed, b: Listed) => number>> = {
  distance: (a, b) => Math.abs(a.distance ?? 0) - Math.abs(b.distance ?? 0),
  alert: (a, b) => a.alert.symbol.localeCompare(b.alert.symbol) || Number(a.alert.lines[0]) - Number(b.alert.lines[0]),
  state: (a, b) => states.indexOf(a.alert.state) - states.indexOf(b.alert.state),
};

/** What has no distance stands last, whichever way it is sorted; in a distance's order so does what no price can fire. */
const isLast = ({ alert, distance }: Listed, sort: SortKey): number => {
  if (sort !== 'distance') return 0;
  if (distance === undefined) return 2;
  return isWatched(alert.state) ? 0 : 1;
};

/** All that was asked for, in order; equal ones as the sheet has them. */
export function chosen(all: readonly Listed[], { text, state, sort, isDescending }: Asked): readonly Listed[] {
  const words = text
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3})/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const way = isDescending ? -1 : 1;
  return all
    .filter((each) => (state === undefined || each.alert.state === state) && hasWords(each, words))
    .toSorted(
      (a, b) =>
        isLast(a, sort) - isLast(b, sort) ||
        way * order[sort](a, b) ||
        (a.alert.row ?? Infinity) - (b.alert.row ?? Infinity) ||
        0,
    );
}
