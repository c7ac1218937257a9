import { expect } from '@jest/globals';
import type { SendOutcome } from '../../../src/adapters/notifiers/notification.js';
import type { Context } from '../../../src/adapters/notifiers/notifier.js';
import { notifierOf } from '../../../src/adapters/notifiers/registry.js';
import { answerOf, captured, testCaptured, testCoverage } from '../../support/captured.js';
import { type Contract, contextOf, notification, opening } from './contract.js';

/** What is called, left out: a notification is sent; and what comes of it. */
export interface Replayed {
  readonly call?: (context: Context<never, never>) => Promise<unknown> | undefined;
  readonly gives: unknown;
  /** Left out: one. */
  readonly requests?: number;
}

/** Each recorded answer comes over HTTP to the call that it belongs to; all of what is made of it is compared. */
export function testReplays<State extends object>(
  contract: Contract<State>,
  expected: Readonly<Record<string, Replayed>>,
): void {
  const { channel } = contract;
  for (const [file, { call, gives, requests = 1 }] of Object.entries(expected)) {
    testCaptured(`the recorded ${file} is taken for what it is`, [`${channel}/${file}`], async () => {
      const stage = await opening(contract);
      stage.traffic.fault = () => ({ outcome: answerOf(captured(`${channel}/${file}`)) });
      const context = contextOf(stage);
      const outcome = await (call === undefined ? notifierOf(channel).send(context, notification) : call(context));
      expect(outcome).toEqual(gives);
      expect(stage.traffic.requests).toHaveLength(requests);
    });
  }
  testCoverage(channel, Object.keys(expected));
}

export const accepted = (receipt?: string): SendOutcome => ({ kind: 'accepted', receipt });

export const rejected = (whose: 'account' | 'user' | 'message', detail: string, remedy: string): SendOutcome => ({
  kind: 'rejected',
  whose,
  isGone: false,
  problem: { detail, remedy },
});

export const unclear = (detail: string): SendOutcome => ({
  kind: 'unknown',
  until: undefined,
  problem: {
    detail: `${detail}, so the message may have arrived or not`,
    remedy: 'nothing: it is sent again, and says that it may be a repeat',
  },
});

export const rateLimited = (label: string, whose: 'account' | 'user', until: number): SendOutcome => ({
  kind: 'rate-limited',
  whose,
  until,
  problem: {
    detail: `${label} asks to wait: too many messages`,
    remedy: 'nothing: it is sent when the wait is over; where that happens often, fewer alerts or another channel help',
  },
});
