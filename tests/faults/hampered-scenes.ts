import { newChannel } from '../../src/domain/delivery/channel.js';
import { minuteMs } from '../../src/domain/time.js';
import type { UserSettings } from '../../src/domain/users.js';
import { claimed, each, idsOf, ringOf, symbolOf } from './rung.js';
import { notifying, patient, pending, rowOf, type Scene } from './scene.js';
import type { Standing } from './standing.js';
import { usersId } from './users-tab.js';

const users: Readonly<Record<string, readonly string[]>> = {
  anna: ['pushover'],
  boris: ['telegram'],
  clara: ['pushover', 'ntfy'],
};
const names = Object.keys(users);
/** As many as come in one message, of each; in turns, so that a batch holds all three users. */
const ofAll = idsOf('', 6).flatMap((place) => names.map((user) => ({ id: `${user}${place}`, user })));
const storms = ofAll.map(({ id, user }) =>
  notifying(id, { ...claimed, channels: (users[user] ?? []).map(newChannel) }, { user }),
);
const stormsToCome = ofAll.map(({ id, user }, index) => pending(id, symbolOf(index), { user }));

/** One user cannot be told in one way. */
const oneUsers: readonly Standing[] = [
  { operation: 'push', fault: 'user refused', user: 'anna' },
  { operation: 'push', fault: 'user refused', user: 'clara', channel: 'pushover' },
  { operation: 'push', fault: 'hangs', channel: 'telegram' },
  { operation: 'push', fault: 'accepted, hangs', user: 'clara', channel: 'ntfy' },
  { operation: 'push', fault: 'token refused', channel: 'telegram' },
];

/** What a worker cannot do without. */
const infrastructure: readonly Standing[] = [
  { operation: 'readUsers', fault: 'fails' },
  { operation: 'readSecret', fault: 'fails' },
  { operation: 'readSecret', fault: 'hangs' },
  { operation: 'get', fault: 'fails', isOfWorkers: true },
  { operation: 'readCheckpoint', fault: 'fails', isOfWorkers: true },
];

const wanted = 'telegram';
const settings: readonly UserSettings[] = [
  { user: 'default', timeZone: undefined, quiet: undefined, notify: [wanted] },
];
/** All three channels have keys, and the tab wants one. */
const withTab = (alerts: Scene['stored'], more: Partial<Scene> = {}): Scene => ({
  stored: alerts,
  rung: alerts.filter(({ status }) => status === 'notifying').map(({ id }) => ringOf(id)),
  rows: alerts.map(rowOf),
  channels: ['pushover', wanted, 'ntfy'],
  settings,
  standing: infrastructure,
  firing: each(alerts.map(({ id }) => id)),
  remainingMs: patient,
  ...more,
});
const left = (ids: readonly string[]) =>
  ids.map((id) => notifying(id, { ...claimed, channels: settings.flatMap(({ notify }) => notify.map(newChannel)) }));
/** More than a check tells by itself. */
const many = left(idsOf('s', 12));

const ten = idsOf('p', 10);
const poisoned = (more: Partial<Scene>): Scene => {
  const stored = ten.map((id) => notifying(id, claimed));
  return {
    ...{ stored, rung: ten.map((id) => ringOf(id)), rows: stored.map(rowOf), firing: each(ten) },
    ...{ remainingMs: patient, calls: 30, ...more },
  };
};

/** What stands in the way of workers, or of some of what they tell. */
export const hamperedScenes: Readonly<Record<string, Scene>> = {
  'storms of three users': {
    stored: storms,
    rung: storms.map(({ id }) => ringOf(id)),
    rows: storms.map(rowOf),
    users,
    standing: oneUsers,
    firing: each(storms.map(({ id }) => id)),
    remainingMs: patient,
    calls: 60,
  },
  'storms of three users to come': {
    stored: stormsToCome,
    rung: [],
    rows: stormsToCome.map(rowOf),
    users,
    standing: oneUsers,
    firing: each(stormsToCome.map(({ id }) => id)),
    remainingMs: patient,
    calls: 60,
  },
  'rung with a users’ tab': withTab([...left(['a', 'b']), pending('now', 'HIGHUSDT')]),
  /** Nobody has touched the tab since, so that it is as the last check saw it. */
  'rung with a spoilt users’ tab': withTab([...left(['a', 'b']), pending('now', 'HIGHUSDT')], {
    damaged: { [usersId]: { users: 'spoilt by hand' } },
  }),
  'many rung with a spoilt users’ tab': withTab(many, {
    damaged: { [usersId]: { users: 'spoilt by hand' } },
    calls: 40,
  }),
  /** Long enough for a message to be received five times before the next check. */
  'rung, and no check for long': withTab(many, { nextCheckAfterMs: 30 * minuteMs, calls: 40 }),
  /** One of ten is refused for its text, or cannot be had from the table. */
  'one of ten is poisoned': poisoned({
    standing: [
      { operation: 'push', fault: 'refused', alertId: 'p4' },
      { operation: 'get', fault: 'fails', alertId: 'p4' },
    ],
  }),
  'one of ten is spoilt': poisoned({ damaged: { p4: { claimed_at: 'spoilt by hand' } } }),
};
