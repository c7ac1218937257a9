import type { Cell } from '../../src/domain/columns.js';
import { fingerprint } from '../../src/domain/identity.js';
import { ok } from '../../src/domain/result.js';
import type { UserSettings } from '../../src/domain/users.js';

export const usersId = '#users';

/** As the store keeps what the tab said. */
export const usersItem = (settings: readonly UserSettings[]) => ({
  id: usersId,
  users: JSON.stringify(settings.map(({ user, notify }) => ({ user, notify }))),
});

/** As a check's checkpoint says that it has seen this tab. */
export const tabSeen = (settings: readonly UserSettings[]) => ({
  users_known: true,
  users_fingerprint: fingerprint(settings.map((each) => JSON.stringify(each))),
});

/** The tab itself. */
export const usersTable = (settings: readonly UserSettings[]) =>
  ok<readonly (readonly Cell[])[]>([
    ['user_id', 'notify'],
    ...settings.map(({ user, notify }): readonly Cell[] => [user, notify.join(', ')]),
  ]);
