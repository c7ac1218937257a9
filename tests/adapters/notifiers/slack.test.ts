import { describe, expect, test } from '@jest/globals';
import { slack } from '../../../src/adapters/notifiers/slack.js';
import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import { type SlackRefusal, type SlackState, slackLimit, slackSimulator } from '../../../src/simulators/slack.js';
import { type Contract, contextOf, describeNotifier, notification, now } from './contract.js';
import { answering } from './recorded.js';
import { accepted, type Replayed, rejected, testReplays, unclear } from './replayed.js';

const path = '/services/TFAKEFAKE01/BFAKEFAKE01/FAKEFAKEFAKEFAKEFAKEFAKE';

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const refusal = (word: SlackRefusal, whose: 'user' | 'message') => ({
  name: word,
  given: { webhooks: new Map([[path, word]]) },
  kind: 'rejected' as const,
  whose,
});

const contract: Contract<SlackState> = {
  channel: 'slack',
  simulator: slackSimulator,
  fresh: () => ({ webhooks: new Map([[path, 'open']]), received: [], limit: slackLimit }),
  reachedAt: (url) => ({
    origin: '',
    account: undefined,
    address: `${url}${path}`,
    keys: [path, 'TFAKEFAKE01', 'BFAKEFAKE01', 'FAKEFAKEFAKEFAKEFAKEFAKE', url],
  }),
  seen: ({ received }) =>
    received.map(({ text, sections }) => ({
      title: unescaped(text),
      text: unescaped(sections.slice(1).join('\n')),
      isSilent: false,
      // What is left of a `<!channel>` after escaping rings nobody.
      pings: /<[!@#]/.test(text + sections.join('')),
    })),
  refusals: [
    refusal('invalid_payload', 'message'),
    refusal('no_text', 'message'),
    refusal('user_not_found', 'user'),
    refusal('action_prohibited', 'user'),
    refusal('invalid_token', 'user'),
    refusal('channel_not_found', 'user'),
    refusal('no_service', 'user'),
    refusal('no_team', 'user'),
    refusal('channel_is_archived', 'user'),
  ],
  limited: { given: { limit: { most: 0, perMs: 30_000 } }, kind: 'rate-limited', whose: 'user', until: now + 30_000 },
  urgency: { urgent: undefined, high: undefined, normal: undefined },
  isSilenceKnown: false,
  checks: { account: [], address: 'unchecked' },
};

describe('slack', () => {
  describeNotifier(contract);

  const sendBy = (transport: Transport, sent = notification) =>
    slack.send(contextOf({ origin: '', account: undefined, address: `http://127.0.0.1${path}` }, transport), sent);

  test('the three signs with a meaning are escaped, and no others', async () => {
    const transport = answering({ status: 200, text: 'ok', headers: {} });
    await sendBy(transport, { ...notification, title: 'A&B <!here>', lines: ['"1" > *2*'] });
    const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });
    expect(transport.asked.map(({ body }) => body)).toEqual([
      {
        text: 'A&amp;B &lt;!here&gt;',
        blocks: [section('*A&amp;B &lt;!here&gt;*'), section('"1" &gt; *2*')],
      },
    ]);
  });

  const refusesWebhook = (word: string): Replayed => {
    const remedy =
      'look whether the channel and its app are still there; else make a new incoming webhook and write its address to users.dmitry in the secret';
    return { gives: rejected('user', `Slack refuses the webhook (${word})`, remedy) };
  };
  testReplays(contract, {
    'doc_error_400_invalid_payload.json': {
      gives: rejected(
        'message',
        'Slack refuses the message (invalid_payload)',
        'shorten the name and notes of the row',
      ),
    },
    'doc_error_403_action_prohibited.json': refusesWebhook('action_prohibited'),
    'doc_error_404_channel_not_found.json': refusesWebhook('channel_not_found'),
    'doc_error_404_no_service.json': refusesWebhook('no_service'),
    'doc_error_410_channel_is_archived.json': refusesWebhook('channel_is_archived'),
    'doc_error_500_rollup_error.json': { gives: unclear('Slack answered HTTP 500') },
    'error_404_no_team.json': refusesWebhook('no_team'),
    'webhook_200_ok_2022.json': { gives: accepted() },
  });
});
