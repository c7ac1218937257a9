import * as v from 'valibot';
import { isBlank, shownCell, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { err, ok, type Result } from '../result.js';
import { asPlainValues, attribute, field } from './field.js';

/** How loudly an alert is told: silently, as usual, also in quiet hours, until it is acknowledged. */
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

const words: Readonly<Record<Priority, readonly string[]>> = {
  low: ['low', 'низкий', 'тихо'],
  normal: ['normal', 'обычный', 'обычно'],
  high: ['high', 'высокий', 'важно'],
  urgent: ['urgent', 'срочный', 'срочно'],
};

function readPriority(cell: Cell): Result<Priority, string> {
  if (isBlank(cell)) return ok('normal');
  const word = textOf(cell).toLowerCase();
  const priority = priorities.find((each) => words[each].includes(word));
  return priority === undefined
    ? err(`priority: expected ${priorities.join(', ')} or a blank cell, got ${shownCell(cell)}`)
    : ok(priority);
}

export const priorityField = field<Priority, 'priority'>({
  columns: { priority: { title: 'priority' } },
  read: ({ priority }) => readPriority(priority),
  change: asPlainValues,
  attributes: attribute(
    'priority',
    v.optional(v.picklist(priorities, `expected ${priorities.join(', ')}`), 'normal'),
    (priority) => (priority === 'normal' ? undefined : priority),
  ),
  heading: 'PRIORITY',
  shown: (priority) => (priority === 'normal' ? '' : priority),
  record: (priority) => ({ priority }),
});
