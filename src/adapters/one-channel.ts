import type { PushError } from '../domain/delivery/backoff.js';
import type { SendOutcome } from '../domain/delivery/outcome.js';
import { messageOfNotification } from '../domain/message.js';
import type { Notifier, Notifiers } from '../flows/ports.js';
import { firstChannel } from './dynamodb/channels.js';

function outcomeOf(error: PushError): SendOutcome {
  const problem = { detail: error.detail, remedy: '' };
  switch (error.kind) {
    case 'rejected': {
      const whose = error.whose === 'token' ? 'account' : error.whose;
      return { kind: 'rejected', whose, isGone: false, problem };
    }
    case 'unknown':
      return { kind: 'unknown', until: undefined, problem };
    case 'quota-exceeded': {
      const { resetsAt, tokenFingerprint } = error;
      return { kind: 'quota-exceeded', whose: 'account', resetsAt, accountFingerprint: tokenFingerprint, problem };
    }
  }
}

const noReceipts = { detail: 'there are no receipts', remedy: '' };

/** The first version's service as the only channel there is. */
export function oneChannel(notifier: Notifier): Notifiers {
  return {
    async users() {
      const names = await notifier.users();
      return names && new Map(names.map((name) => [name, [firstChannel]]));
    },
    channelsOf: async () => [firstChannel],
    connections: () => ({ allowed: notifier.pushesAtATime, per: 'account' }),
    async send(_channel, user, notification) {
      const sent = await notifier.push(messageOfNotification(user, notification));
      return sent.ok ? { kind: 'accepted', receipt: undefined } : outcomeOf(sent.error);
    },
    accountFingerprint: () => notifier.tokenFingerprint(),
    readReceipt: async () => ({ kind: 'unknown', problem: noReceipts }),
    cancel: async () => noReceipts,
  };
}
