import type { Notify } from '../domain/fields/notify.js';
import { isQuietAt } from '../domain/quiet-hours.js';
import type { UserSettings } from '../domain/users.js';
import type { Ports } from './ports/ports.js';

/** Who is told, and what they wish. */
export interface Recipients {
  /** As the row says, else the users' tab, else all that the user has. Never empty: somebody's key may be gone since. */
  channelsOf(to: { readonly user: string; readonly notify: Notify }): Promise<readonly string[]>;
  /** By now, for what was claimed earlier; undefined where nobody knows, and those of the claim stay. */
  laterChannelsOf(to: { readonly user: string; readonly notify: Notify }): Promise<readonly string[] | undefined>;
  /** Judged at the moment of sending. `now` in ms. */
  wishesOf(user: string, now: number): { readonly timeZone: string; readonly isQuiet: boolean };
}

/** `settings` undefined: nobody knows them now. */
export function createRecipients(
  { notifiers, timeZone: ownersTimeZone }: Pick<Ports, 'notifiers' | 'timeZone'>,
  settings: readonly UserSettings[] | undefined,
): Recipients {
  const settingsOf = new Map((settings ?? []).map((each) => [each.user, each]));
  const channelsOf: Recipients['channelsOf'] = async ({ user, notify }) => {
    const all = await notifiers.channelsOf(user);
    const asked = notify.length > 0 ? notify : (settingsOf.get(user)?.notify ?? []);
    const chosen = all.filter((channel) => asked.includes(channel));
    return chosen.length > 0 ? chosen : all;
  };
  return {
    channelsOf,
    laterChannelsOf: async (to) => (settings === undefined ? undefined : channelsOf(to)),
    wishesOf(user, now) {
      const { timeZone = ownersTimeZone, quiet } = settingsOf.get(user) ?? {};
      return { timeZone, isQuiet: quiet !== undefined && isQuietAt(quiet, now, timeZone) };
    },
  };
}
