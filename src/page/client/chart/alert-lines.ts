import type { AlertView } from '../../protocol.js';
import { titleOf } from '../shown.js';
import type { ChartLine } from './line-mark.js';
import { linesOf } from './moved-target.js';
import type { ChartBand } from './price-chart.js';

const ends = ['lower price', 'upper price'] as const;

export const lineKey = (id: string, index: number): string => `${index} ${id}`;

/** Which line of which alert, out of its key. */
export function readLineKey(key: string): { readonly id: string; readonly index: number } {
  const at = key.indexOf(' ');
  return { id: key.slice(at + 1), index: Number(key.slice(0, at)) };
}

/** A line for every price of every alert; what cannot be dragged says what it is at the axis. */
export function chartLines(alerts: readonly AlertView[], ownId: string | undefined, canEdit: boolean): ChartLine[] {
  return alerts.flatMap((alert) => {
    const kind = linesOf(alert);
    return alert.lines.map((price, index): ChartLine => {
      const what = kind === 'band' ? (ends[index] ?? 'price') : 'target price';
      const canMove = canEdit && kind !== 'fixed' && alert.row !== undefined;
      return {
        key: lineKey(alert.id, index),
        name: `${titleOf(alert)}: ${what}`,
        label: alert.condition,
        look: alert.state,
        state: alert.state,
        isOwn: alert.id === ownId,
        price,
        canMove,
      };
    });
  });
}

export const chartBands = (alerts: readonly AlertView[]): ChartBand[] =>
  alerts
    .filter((alert) => alert.lines.length === 2 && linesOf(alert) === 'band')
    .map(({ id, state }) => ({ keys: [lineKey(id, 0), lineKey(id, 1)], state }));
