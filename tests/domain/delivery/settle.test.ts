import { describe, expect, test } from '@jest/globals';
import { type ChannelDelivery, newChannel, summaryOf, takenOver } from '../../../src/domain/delivery/channel.js';
import type { SendOutcome } from '../../../src/domain/delivery/outcome.js';
import { channelReports, outcomeOf } from '../../../src/domain/delivery/report.js';
import { isSettled, settle, type Tried } from '../../../src/domain/delivery/settle.js';
import { at } from '../../support/builders.js';
import { listIn, rowsIn } from '../../support/text-table.js';

const now = at('12:06');
const hourMs = 3_600_000;
const problem = { detail: 'in its own words', remedy: 'mend it' };
const accepted: SendOutcome = { kind: 'accepted', receipt: undefined };
const unknown: SendOutcome = { kind: 'unknown', until: undefined, problem };
const refused: SendOutcome = { kind: 'rejected', whose: 'user', isGone: true, problem };
const quota: SendOutcome = { kind: 'quota-exceeded', whose: 'account', resetsAt: undefined, problem };
const limited = (until: number): SendOutcome => ({ kind: 'rate-limited', whose: 'user', until, problem });
const noTime: Tried = { kind: 'no-time' };

interface Settings {
  readonly before?: readonly ChannelDelivery[];
  readonly armsAgainAfterMs?: number;
  readonly accountWaitUntil?: number;
}

/** Two channels, tried for the first time. */
function tried(outcomes: Readonly<Record<string, Tried>>, settings: Settings = {}) {
  const { before = ['chat', 'phone'].map(newChannel), armsAgainAfterMs, accountWaitUntil } = settings;
  const tries = Object.entries(outcomes).map(([channel, each]) => ({ channel, tried: each, accountWaitUntil }));
  const delivery = { channels: before, attempts: 1, claimedAt: at('12:05') };
  const channels = settle(delivery, tries, { now, armsAgainAfterMs });
  const reports = channelReports(channels, tries, now);
  return { channels, reports, outcome: outcomeOf(reports), isSettled: isSettled(channels) };
}

const states = (channels: readonly ChannelDelivery[]) => channels.map(({ channel, state }) => `${channel} ${state}`);

const words: Readonly<Record<string, Tried>> = { accepted, unknown, refused, quota, 'no time': noTime };

/** `unknown`, `limited 60000`: for so many ms. */
function triedAs(text: string): Tried {
  const [word, ms] = text.split('limited ');
  const outcome = ms === undefined ? words[word ?? ''] : limited(now + Number(ms));
  if (outcome === undefined) throw new Error(`expected an outcome, got ${text}`);
  return outcome;
}

const hourAgo: ChannelDelivery = { channel: 'phone', state: 'accepted', at: now - hourMs, receipt: undefined };
const settings: Readonly<Record<string, Settings>> = {
  '': {},
  'the account waits an hour': { accountWaitUntil: now + hourMs },
  'armed again after 2 min': { armsAgainAfterMs: 120_000 },
  'armed again at once': { armsAgainAfterMs: 0 },
  'phone accepted an hour ago': { before: [newChannel('chat'), hourAgo] },
  'phone alone, armed again at once': { before: [newChannel('phone')], armsAgainAfterMs: 0 },
};

test.each(
  rowsIn(`
    both accept
      chat: accepted, phone: accepted | | chat accepted, phone accepted | accepted | settled
    one that refuses for good holds up nothing once the other accepted
      chat: refused, phone: accepted | | chat refused, phone accepted | accepted | settled
    both refuse: the notification waits
      chat: refused, phone: refused | | chat refused, phone refused | rejected | open
    one accepts and of the other nobody knows: that one is tried again
      chat: unknown, phone: accepted | | chat waiting, phone accepted | deferred | open
    nobody knows of one, and the other refuses
      chat: unknown, phone: refused | | chat waiting, phone refused | deferred | open
    a wait of less than an hour is kept to
      chat: limited 3599999, phone: accepted | | chat waiting, phone accepted | deferred | open
    a longer one is given up, since the other accepted
      chat: limited 3600000, phone: accepted | | chat given-up, phone accepted | accepted | settled
    a longer one is kept to where nobody accepted
      chat: limited 86400000, phone: unknown | | chat waiting, phone waiting | deferred | open
    the account's wait of an hour is given up, since the other accepted
      chat: quota, phone: accepted | the account waits an hour | chat given-up, phone accepted | accepted | settled
    what would come after the next arming is given up
      chat: limited 60000, phone: accepted | armed again after 2 min
      chat given-up, phone accepted | accepted | settled
    what comes before the next arming is tried
      chat: limited 59999, phone: accepted | armed again after 2 min | chat waiting, phone accepted | deferred | open
    what there was no time for is not given up, however soon the next arming
      chat: no time, phone: accepted | armed again at once | chat waiting, phone accepted | deferred | open
    the hour begins with the first that accepted
      chat: unknown | phone accepted an hour ago | chat given-up, phone accepted | accepted | settled
    a channel alone is never given up
      phone: unknown | phone alone, armed again at once | phone waiting | deferred | open
  `),
)('%s', (_, outcomes, setting, expected, outcome, end) => {
  const tries = listIn(outcomes)
    .map((each) => each.split(': '))
    .map(([channel, text = '']) => [channel, triedAs(text)]);
  const result = tried(Object.fromEntries(tries), settings[setting]);
  expect(states(result.channels)).toEqual(listIn(expected));
  expect([result.outcome, result.isSettled]).toEqual([outcome, end === 'settled']);
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
