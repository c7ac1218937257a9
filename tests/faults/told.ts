import type { ReceivedPush } from '../../src/simulators/pushover.js';

/** What a push says of one alert. The alerts of the scenes are named by their ids. */
export interface ToldAlert {
  readonly alertId: string;
  readonly isLabelled: boolean;
}

const isLabelled = (text: string): boolean => /possible repeat/i.test(text);
const nameOf = (text: string): string => text.slice(0, text.indexOf(':'));

/** Of one alert, which its title names; or of several, a line each. */
export function toldIn({ title, message }: Pick<ReceivedPush, 'title' | 'message'>): readonly ToldAlert[] {
  const several = /^(\d+) more alerts fired/.exec(title);
  if (several === null) return [{ alertId: nameOf(title), isLabelled: isLabelled(message) }];
  const lines = message.split('\n').slice(0, Number(several[1]));
  return lines.map((line) => ({ alertId: nameOf(line), isLabelled: isLabelled(line) }));
}
