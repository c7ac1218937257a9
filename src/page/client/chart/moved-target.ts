import type { AlertView } from '../../protocol.js';
import { conditionIn } from '../form-check.js';

/** What its lines are: prices that can be moved, or what only follows from the prices, as a trail does. */
export function linesOf({ condition, target }: Pick<AlertView, 'condition' | 'target'>): 'level' | 'band' | 'fixed' {
  const read = conditionIn(condition, target);
  if (read === undefined) return 'fixed';
  if ('bounds' in read.target) return 'band';
  return 'value' in read.target && !('per' in read.target) ? 'level' : 'fixed';
}

/** The target's cell with one of its prices moved. A bound that was dragged over the other changes places with it. */
export function movedTarget(
  alert: Pick<AlertView, 'condition' | 'target' | 'lines'>,
  index: number,
  price: string,
): string {
  if (linesOf(alert) !== 'band') return price;
  const bounds = alert.lines.map((line, each) => (each === index ? price : line));
  return bounds.toSorted((a, b) => Number(a) - Number(b)).join('..');
}
