import type { SizeOf } from '../../domain/cut-text.js';
import type { Reply } from '../http.js';
import * as answers from './answers.js';
import { keyUrl } from './key-schemas.js';
import type { Notification, SendOutcome } from './notification.js';
import type { Context, Notifier } from './notifier.js';
import { cutTo, shownWords } from './text.js';

const service = { label: 'Slack', origin: undefined };

/** Of a section block, escapes included. https://docs.slack.dev/reference/block-kit/blocks/section-block */
const limits = { title: 250, text: 3000 };

/** The three characters with a meaning. https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escapedSize: SizeOf = (character) => escaped(character).length;

const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });

function payloadOf(notification: Notification): object {
  const { title, text } = cutTo(notification, limits, escapedSize);
  const blocks = [section(`*${escaped(title)}*`), ...(text === '' ? [] : [section(escaped(text))])];
  // A phone shows `text`, the channel the blocks.
  return { text: escaped(title), blocks };
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors: words, not JSON */
const wordsOfMessage = new Set([
  'invalid_payload',
  'invalid_blocks',
  'no_text',
  'too_many_attachments',
  'msg_too_long',
]);

function readReply(reply: Reply, { address, places, now }: Context<undefined, string>): SendOutcome {
  const { status } = reply;
  const word = reply.text.trim();
  if (status === 429) {
    return answers.rateLimited(service, 'user', answers.retryAfter(reply, now()) ?? answers.usualWait(now()));
  }
  if (status === 200 && word === 'ok') return answers.accepted();
  if (status < 400 || status >= 500) return answers.unclear(service, reply);
  if (!/^[a-z][a-z_]{1,60}$/.test(word)) return answers.notTheService(service, reply);
  const words = shownWords(word, address);
  if (wordsOfMessage.has(word)) {
    return answers.rejected('message', `Slack refuses the message (${words})`, 'shorten the name and notes of the row');
  }
  const remedy = `look whether the channel and its app are still there; else make a new incoming webhook and write its address to ${places.address} in the secret`;
  return answers.rejected('user', `Slack refuses the webhook (${words})`, remedy);
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Notifier<undefined, string> = {
  name: 'slack',
  ...service,
  account: undefined,
  address: keyUrl(
    "expected an incoming webhook's address, https://hooks.slack.com/services/…",
    (url) => /^hooks\.slack(-gov)?\.com$/.test(url.hostname) && /^\/services\/\w+\/\w+\/\w+$/.test(url.pathname),
  ),
  questions: {
    account: [],
    address: [
      {
        field: '',
        ask: 'Slack webhook address',
        hint: 'In Slack: an app of your workspace, Incoming Webhooks, Add New Webhook to Workspace.',
        isHidden: true,
        isOptional: false,
      },
    ],
  },
  connections: { allowed: 2, per: 'address' },
  can: { silent: 'no', urgent: 'no' },
  fits: (notification) => !cutTo(notification, limits, escapedSize).isCut,
  async send(context, notification) {
    const reply = await context.transport({
      method: 'post',
      url: new URL(context.address),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payloadOf(notification)),
    });
    return reply.ok ? readReply(reply.value, context) : answers.unanswered(service, reply.error);
  },
  checkAccount: async () => [],
  checkAddress: async () => ({
    kind: 'unchecked',
    detail: 'Slack answers only to a message; test-push sends one',
  }),
};
