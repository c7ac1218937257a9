import { describe, expect, test } from '@jest/globals';
import { type ChannelDelivery, newChannel, summaryOf, takenOver } from '../../../src/domain/delivery/channel.js';
import type { SendOutcome } from '../../../src/domain/delivery/outcome.js';
import { channelReports, outcomeOf } from '../../../src/domain/delivery/report.js';
import { isSettled, settle, type Tried } from '../../../src/domain/delivery/settle.js';
import { at } from '../../support/builders.js';

const now = at('12:06');
const hourMs = 3_600_000;
const problem = { detail: 'in its own words', remedy: 'mend it' };
const accepted: SendOutcome = { kind: 'accepted', receipt: undefined };
const unknown: SendOutcome = { kind: 'unknown', until: undefined, problem };
const refused: SendOutcome = { kind: 'rejected', whose: 'user', isGone: true, problem };
const quota: SendOutcome = { kind: 'quota-exceeded', whose: 'account', resetsAt: undefined, problem };
const limited = (until: number): SendOutcome => ({ kind: 'rate-limited', whose: 'user', until, problem });
const noTime: Tried = { kind: 'no-time' };

/** Two channels, tried for the first time. */
function tried(
  outcomes: Readonly<Record<string, Tried>>,
  settings: { before?: readonly ChannelDelivery[]; armsAgainAfterMs?: number; accountWaitUntil?: number } = {},
) {
  const { before = ['chat', 'phone'].map(newChannel), armsAgainAfterMs, accountWaitUntil } = settings;
  const tries = Object.entries(outcomes).map(([channel, each]) => ({ channel, tried: each, accountWaitUntil }));
  const delivery = { channels: before, attempts: 1, claimedAt: at('12:05') };
  const channels = settle(delivery, tries, { now, armsAgainAfterMs });
  const reports = channelReports(channels, tries, now);
  return { channels, reports, outcome: outcomeOf(reports), isSettled: isSettled(channels) };
}

const states = (channels: readonly ChannelDelivery[]) => channels.map(({ channel, state }) => `${channel} ${state}`);

test.each<{
  name: string;
  outcomes: Readonly<Record<string, Tried>>;
  settings?: Parameters<typeof tried>[1];
  states: readonly string[];
  outcome: string;
  isSettled: boolean;
}>([
  {
    name: 'both accept',
    outcomes: { chat: accepted, phone: accepted },
    states: ['chat accepted', 'phone accepted'],
    outcome: 'accepted',
    isSettled: true,
  },
  {
    name: 'one that refuses for good holds up nothing once the other accepted',
    outcomes: { chat: refused, phone: accepted },
    states: ['chat refused', 'phone accepted'],
    outcome: 'accepted',
    isSettled: true,
  },
  {
    name: 'both refuse: the notification waits',
    outcomes: { chat: refused, phone: refused },
    states: ['chat refused', 'phone refused'],
    outcome: 'rejected',
    isSettled: false,
  },
  {
    name: 'one accepts and of the other nobody knows: that one is tried again',
    outcomes: { chat: unknown, phone: accepted },
    states: ['chat waiting', 'phone accepted'],
    outcome: 'deferred',
    isSettled: false,
  },
  {
    name: 'nobody knows of one, and the other refuses',
    outcomes: { chat: unknown, phone: refused },
    states: ['chat waiting', 'phone refused'],
    outcome: 'deferred',
    isSettled: false,
  },
  {
    name: 'a wait of less than an hour is kept to',
    outcomes: { chat: limited(now + hourMs - 1), phone: accepted },
    states: ['chat waiting', 'phone accepted'],
    outcome: 'deferred',
    isSettled: false,
  },
  {
    name: 'a longer one is given up, since the other accepted',
    outcomes: { chat: limited(now + hourMs), phone: accepted },
    states: ['chat given-up', 'phone accepted'],
    outcome: 'accepted',
    isSettled: true,
  },
  {
    name: 'a longer one is kept to where nobody accepted',
    outcomes: { chat: limited(now + 24 * hourMs), phone: unknown },
    states: ['chat waiting', 'phone waiting'],
    outcome: 'deferred',
    isSettled: false,
  },
  {
    name: "the account's wait of an hour is given up, since the other accepted",
    outcomes: { chat: quota, phone: accepted },
    settings: { accountWaitUntil: now + hourMs },
    states: ['chat given-up', 'phone accepted'],
    outcome: 'accepted',
    isSettled: true,
  },
  {
    name: 'what would come after the next arming is given up',
    outcomes: { chat: limited(now + 60_000), phone: accepted },
    settings: { armsAgainAfterMs: 120_000 },
    states: ['chat given-up', 'phone accepted'],
    outcome: 'accepted',
    isSettled: true,
  },
  {
    name: 'what comes before the next arming is tried',
    outcomes: { chat: limited(now + 59_999), phone: accepted },
    settings: { armsAgainAfterMs: 120_000 },
    states: ['chat waiting', 'phone accepted'],
    outcome: 'deferred',
    isSettled: false,
  },
  {
    name: 'what there was no time for is not given up, however soon the next arming',
    outcomes: { chat: noTime, phone: accepted },
    settings: { armsAgainAfterMs: 0 },
    states: ['chat waiting', 'phone accepted'],
    outcome: 'deferred',
    isSettled: false,
  },
  {
    name: 'the hour begins with the first that accepted',
    outcomes: { chat: unknown },
    settings: {
      before: [newChannel('chat'), { channel: 'phone', state: 'accepted', at: now - hourMs, receipt: undefined }],
    },
    states: ['chat given-up', 'phone accepted'],
    outcome: 'accepted',
    isSettled: true,
  },
  {
    name: 'a channel alone is never given up',
    outcomes: { phone: unknown },
    settings: { before: [newChannel('phone')], armsAgainAfterMs: 0 },
    states: ['phone waiting'],
    outcome: 'deferred',
    isSettled: false,
  },
])('$name', ({ name: _, outcomes, settings, ...expected }) => {
  const result = tried(outcomes, settings);
  expect({ states: states(result.channels), outcome: result.outcome, isSettled: result.isSettled }).toEqual(expected);
});

describe('what is told of each channel', () => {
  test('says why, and when it is tried again', () => {
    expect(tried({ chat: unknown, phone: refused }).reports).toEqual([
      { channel: 'chat', outcome: 'deferred', detail: 'in its own words; tried again from 12:06 UTC on' },
      { channel: 'phone', outcome: 'rejected', detail: 'in its own words; mend it; tried again from 12:21 UTC on' },
    ]);
  });

  test('promises no further attempt where there is none', () => {
    expect(tried({ chat: refused, phone: accepted }).reports[0]).toEqual({
      channel: 'chat',
      outcome: 'rejected',
      detail: 'in its own words; mend it',
    });
  });

  test('names the wait of the whole account', () => {
    expect(tried({ chat: quota, phone: unknown }, { accountWaitUntil: at('12:50') }).reports[0]?.detail).toBe(
      'in its own words; mend it; tried again from 12:50 UTC on',
    );
  });
});

describe('a possible repeat', () => {
  const waiting = (channel: string, nextAttemptAt?: number): ChannelDelivery => ({
    ...newChannel(channel),
    nextAttemptAt,
  });
  const labelled = (channels: readonly ChannelDelivery[]) =>
    channels.map((each) => 'isPossibleRepeat' in each && each.isPossibleRepeat);

  test('is one on that channel only', () => {
    expect(labelled(tried({ chat: unknown, phone: noTime }).channels)).toEqual([true, false]);
  });

  test('is what a dead run had under way, and not what was not yet due', () => {
    const channels = [waiting('chat'), waiting('phone', now + 1), waiting('mail', now)];
    expect(labelled(takenOver(channels, { now: now + 1, hasDied: true, known: [] }))).toEqual([true, false, false]);
  });

  test('is nothing where the lease was given back', () => {
    expect(labelled(takenOver([waiting('chat', now)], { now, hasDied: false, known: [] }))).toEqual([false]);
  });
});

describe('a take-over', () => {
  test('leaves alone what has accepted, and what was refused since', () => {
    const { channels } = tried({ chat: refused, phone: accepted });
    expect(takenOver(channels, { now: now + hourMs, hasDied: true, known: ['mail'] })).toEqual(channels);
  });

  test('tries the refused again while nobody has accepted, and what the user has by now', () => {
    const { channels } = tried({ chat: refused, phone: refused });
    const taken = takenOver(channels, { now: now + hourMs, hasDied: false, known: ['phone', 'mail'] });
    expect(states(taken)).toEqual(['chat waiting', 'phone waiting', 'mail waiting']);
  });
});

describe('the item', () => {
  test('is due with the first of its channels', () => {
    expect(summaryOf(tried({ chat: limited(now + 5_000), phone: refused }).channels)).toEqual({
      nextAttemptAt: now + 5_000,
      isPossibleRepeat: false,
      lastError: 'chat: in its own words; phone: in its own words; mend it',
    });
  });

  test('has no time of its own where an account waits, and none is left where all is settled', () => {
    expect(summaryOf(tried({ chat: quota, phone: refused }).channels).nextAttemptAt).toBeUndefined();
    expect(summaryOf(tried({ chat: accepted, phone: accepted }).channels)).toEqual({
      nextAttemptAt: undefined,
      isPossibleRepeat: false,
      lastError: undefined,
    });
  });
});
