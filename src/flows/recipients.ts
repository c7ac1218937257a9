import type { Notify } from '../domain/fields/notify.js';
import { isQuietAt } from '../domain/quiet-hours.js';
import type { UserSettings } from '../domain/users.js';
import type { Ports } from './ports/ports.js';

/** Who is told, and what they wish. */
export interface Recipients {
  /** As the row says, else the users' tab, else all that the user has. Never empty: somebody's key may be gone since. */
  channelsOf(to: { readonly user: string; readonly notify: Notify }): Promise<readonly string[]>;
  /** Judged at the moment of sending. `now` in ms. */
  wishesOf(user: string, now: number): { readonly timeZone: string; readonly isQuiet: boolean };
}

export function createRecipients(
  { notifiers, timeZone: ownersTimeZone }: Pick<Ports, 'notifiers' | 'timeZone'>,
  settings: readonly UserSettings[],
): Recipients {
  const settingsOf = new Map(settings.map((each) => [each.user, each]));
  return {
    async channelsOf({ user, notify }) {
      const all = await notifiers.channelsOf(user);
      const asked = notify.length > 0 ? notify : (settingsOf.get(user)?.notify ?? []);
      const chosen = all.filter((channel) => asked.includes(channel));
      return chosen.length > 0 ? chosen : all;
    },
    wishesOf(user, now) {
      const { timeZone = ownersTimeZone, quiet } = settingsOf.get(user) ?? {};
      return { timeZone, isQuiet: quiet !== undefined && isQuietAt(quiet, now, timeZone) };
    },
  };
}
