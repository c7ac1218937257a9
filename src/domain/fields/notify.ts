import { blankOrBroken, isBlank, readUser, shownBriefly, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { err, ok, type Result } from '../result.js';
import { expectedGot, field } from './field.js';

/** Channels by name; none says nothing about them. */
export type Notify = readonly string[];

/** One for all alerts. */
const noNames: Notify = [];

/** `known`: all that there are; `own`: those for which `user` has a key, undefined accepts all. */
export function readNotify(
  cell: Cell,
  {
    user,
    known,
    own,
  }: { readonly user: string; readonly known: readonly string[]; readonly own: readonly string[] | undefined },
): Result<Notify, string> {
  if (isBlank(cell)) return ok(noNames);
  const problem = blankOrBroken('notify', cell, `channels such as ${known.slice(0, 2).join(', ')}`);
  if (problem !== undefined) return err(problem);
  const written = new Set(
    textOf(cell)
      .toLowerCase()
      .split(/[\s,;]+/u)
      .filter((name) => name !== ''),
  );
  const unknown = [...written].filter((name) => !known.includes(name));
  if (unknown.length > 0 || written.size === 0) {
    const got = unknown.length > 0 ? unknown.map(shownBriefly).join(', ') : shownBriefly(cell);
    return err(`notify: expected some of ${known.join(', ')} or a blank cell, got ${got}`);
  }
  const channels = known.filter((name) => written.has(name));
  const keyless = own === undefined ? [] : channels.filter((name) => !own.includes(name));
  if (keyless.length === 0) return ok(channels);
  return err(
    `notify: the secret has no key of ${user} for ${keyless.join(', ')}, but for ${own?.join(', ') || 'nothing'};` +
      ' write what it has a key for, leave the cell blank for all of them, or add the key under users in the secret',
  );
}

/** Which of the user's channels the alert is told on. Who the user is stands in another column. */
export const notifyField = field<Notify, 'notify', 'user'>({
  columns: { notify: { title: 'notify' } },
  read({ notify, user: cell }, { knownUsers, channelNames, channels }) {
    const user = readUser(cell, knownUsers);
    const name = user.ok ? user.value : '';
    return readNotify(notify, { user: name, known: channelNames, own: channels?.get(name) });
  },
  change: (stored, asked) => (stored === asked || stored.join() === asked.join() ? 'nothing' : 'changes'),
  attributes: {
    write: (notify) => ({ notify: notify.length === 0 ? undefined : notify.join(',') }),
    read({ notify }) {
      if (notify === undefined) return ok(noNames);
      // A name that is no channel any more is no reason to lose the alert: it is told on the others.
      return typeof notify === 'string'
        ? ok(notify.split(','))
        : err([expectedGot('notify', 'expected channels', notify)]);
    },
  },
  shown: (notify) => notify.join(', '),
  record: (notify) => ({ notify }),
});
