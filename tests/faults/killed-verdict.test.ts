import { expect, test } from '@jest/globals';
import { judgeTold, type Told } from './killed-verdict.js';

const expected = [{ title: 'BTC', channels: ['pushover', 'webhook'], fires: 2 }];
const told = (channel: string, fire: string, isLabelled = false): Told => ({ channel, title: 'BTC', fire, isLabelled });
const well = ['pushover', 'webhook'].flatMap((channel) => [told(channel, '1'), told(channel, '2')]);

test('each fire told once on each channel, and once more where it says so, is well', () => {
  const judged = judgeTold(expected, [...well, told('webhook', '2', true)]);
  expect(judged).toEqual({ due: 4, accepted: 5, labelledRepeats: 1, problems: [] });
});

test.each<{ name: string; all: readonly Told[]; problem: string }>([
  { name: 'a lost fire', all: well.slice(1), problem: 'BTC on pushover: committed 2 times, told of 1 fires' },
  {
    name: 'a fire that nobody committed',
    all: [...well, told('webhook', '3')],
    problem: 'BTC on webhook: committed 2 times, told of 3 fires',
  },
  {
    name: 'a repeat that does not say so',
    all: [...well, told('webhook', '2')],
    problem: 'BTC on webhook, 2: 2 that do not say that they may be repeats',
  },
  { name: 'a channel that nobody asked for', all: [...well, told('ntfy', '1')], problem: 'BTC on ntfy: told 1 times' },
])('$name is found out', ({ all, problem }) =>
  expect(judgeTold(expected, all).problems).toEqual([expect.stringContaining(problem)]),
);
