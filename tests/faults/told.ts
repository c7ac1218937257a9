import type { Notification } from '../../src/domain/delivery/notification.js';
import type { ReceivedPush } from '../../src/simulators/pushover.js';

/** What a push says of one alert. The alerts of the scenes are named by their ids. */
export interface ToldAlert {
  readonly alertId: string;
  readonly isLabelled: boolean;
}

export const isLabelled = (text: string): boolean => /possible repeat/i.test(text);
const nameOf = (text: string): string => text.slice(0, text.indexOf(':'));

/** The lines of a message of several alerts; undefined where it is of one. */
export function linesIn({ title, message }: Pick<ReceivedPush, 'title' | 'message'>): readonly string[] | undefined {
  const several = /^(\d+) more alerts fired/.exec(title);
  return several === null ? undefined : message.split('\n').slice(0, Number(several[1]));
}

/** Of one alert, which its title names; or of several, a line each. */
export function toldIn(push: Pick<ReceivedPush, 'title' | 'message'>): readonly ToldAlert[] {
  const lines = linesIn(push);
  if (lines === undefined) return [{ alertId: nameOf(push.title), isLabelled: isLabelled(push.message) }];
  return lines.map((line) => ({ alertId: nameOf(line), isLabelled: isLabelled(line) }));
}

/** Which fire of each alert a notification is about. */
export function firesIn({ id, kind, facts }: Notification): readonly { alertId: string; fireId: string }[] {
  if (kind !== 'digest') return [{ alertId: String(facts.alertId), fireId: id }];
  const alerts = facts.alerts as readonly { readonly alertId: string; readonly id: string }[];
  return alerts.map((alert) => ({ alertId: alert.alertId, fireId: alert.id }));
}
