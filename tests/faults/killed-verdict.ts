import { groupBy } from '../../src/domain/group-by.js';

/** How often an alert has fired by its item, and on which channels each fire is told. */
export interface ExpectedFires {
  readonly title: string;
  readonly channels: readonly string[];
  readonly fires: number;
}

/** What a channel accepted. `fire`: whatever is the same for all messages of a fire, and of no other fire of its alert. */
export interface Told {
  readonly channel: string;
  readonly title: string;
  readonly fire: string;
  readonly isLabelled: boolean;
}

/** Every fire on each of its channels: told, and only once without saying that it may be a repeat. */
export function judgeTold(expected: readonly ExpectedFires[], told: readonly Told[]) {
  const problems: string[] = [];
  const messages = groupBy(told, ({ channel, title }) => `${title} on ${channel}`);
  let due = 0;
  let labelledRepeats = 0;
  for (const { title, channels, fires } of expected) {
    for (const channel of channels) {
      const name = `${title} on ${channel}`;
      const byFire = groupBy(messages.get(name) ?? [], ({ fire }) => fire);
      due += fires;
      if (byFire.size !== fires) problems.push(`${name}: committed ${fires} times, told of ${byFire.size} fires`);
      for (const [fire, got] of byFire) {
        const unlabelled = got.filter((each) => !each.isLabelled).length;
        if (unlabelled > 1) problems.push(`${name}, ${fire}: ${unlabelled} that do not say that they may be repeats`);
        labelledRepeats += got.length - 1;
      }
      messages.delete(name);
    }
  }
  for (const [name, got] of messages) problems.push(`${name}: told ${got.length} times for no reason`);
  return { due, accepted: told.length, labelledRepeats, problems };
}
