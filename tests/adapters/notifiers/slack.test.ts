import { describe, expect, test } from '@jest/globals';
import { slack } from '../../../src/adapters/notifiers/slack.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import { type SlackRefusal, type SlackState, slackLimit, slackSimulator } from '../../../src/simulators/slack.js';
import { type Contract, contextOf, describeNotifier, notification, now, type Stage } from './contract.js';
import { answering, testOverRecordings } from './recorded.js';

const path = '/services/TFAKEFAKE01/BFAKEFAKE01/FAKEFAKEFAKEFAKEFAKEFAKE';

interface SlackStage extends Stage {
  readonly state: SlackState;
}
type Sending = Parameters<typeof slack.send>[0];

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

async function start(): Promise<SlackStage> {
  const state: SlackState = { webhooks: new Map(), received: [], limit: slackLimit };
  const traffic = createTraffic();
  let later = 0;
  const served = await serveSimulator(
    slackSimulator(state, traffic, () => now + later),
    traffic,
  );
  return {
    state,
    traffic,
    origin: '',
    account: undefined,
    address: `${served.url}${path}`,
    keys: [path, 'TFAKEFAKE01', 'BFAKEFAKE01', 'FAKEFAKEFAKEFAKEFAKEFAKE', served.url],
    seen: () =>
      state.received.map(({ text, sections }) => ({
        title: unescaped(text),
        text: unescaped(sections.slice(1).join('\n')),
        isSilent: false,
        // What is left of a `<!channel>` after escaping rings nobody.
        pings: /<[!@#]/.test(text + sections.join('')),
      })),
    reset: () => {
      later += 3_600_000;
      state.webhooks.clear();
      state.webhooks.set(path, 'open');
      state.received.length = 0;
      state.limit = slackLimit;
    },
    limit: () => {
      state.limit = { most: 0, perMs: 30_000 };
    },
    close: served.close,
  };
}

const refusal = (word: SlackRefusal, whose: 'user' | 'message') => ({
  name: word,
  kind: 'rejected' as const,
  whose,
  given: ({ state }: SlackStage) => void state.webhooks.set(path, word),
});

const contract: Contract<SlackStage> = {
  channel: 'slack',
  start,
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
  limited: { kind: 'rate-limited', whose: 'user', until: now + 30_000 },
  urgency: { urgent: undefined, high: undefined, normal: undefined },
  isSilenceKnown: false,
  checks: { account: [], address: 'unchecked' },
};

describe('slack', () => {
  describeNotifier(contract);

  const contextWith = (transport: ReturnType<typeof answering>) =>
    contextOf({ origin: '', account: undefined, address: `http://127.0.0.1${path}` }, transport) as Sending;

  test('the three signs with a meaning are escaped, and no others', async () => {
    const bodies: unknown[] = [];
    const transport: ReturnType<typeof answering> = async (request) => {
      bodies.push(JSON.parse(String(request.body)));
      return answering({ status: 200, text: 'ok', headers: {} })(request);
    };
    await slack.send(contextWith(transport), { ...notification, title: 'A&B <!here>', lines: ['"1" > *2*'] });
    const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });
    expect(bodies).toEqual([
      {
        text: 'A&amp;B &lt;!here&gt;',
        blocks: [section('*A&amp;B &lt;!here&gt;*'), section('"1" &gt; *2*')],
      },
    ]);
  });

  test('a failure of Slack itself may have got through', async () => {
    const transport = answering({ status: 500, text: 'rollup_error', headers: {} });
    expect(await slack.send(contextWith(transport), notification)).toMatchObject({ kind: 'unknown' });
  });

  testOverRecordings(
    'slack',
    'every recorded answer is taken for what it is',
    [
      'doc_error_400_invalid_payload.json',
      'doc_error_403_action_prohibited.json',
      'doc_error_404_channel_not_found.json',
      'doc_error_404_no_service.json',
      'doc_error_410_channel_is_archived.json',
      'doc_error_500_rollup_error.json',
      'error_404_no_team.json',
      'webhook_200_ok_2022.json',
    ],
    async (all) => {
      const expected: Record<string, string> = {
        'doc_error_400_invalid_payload.json': 'rejected message',
        'doc_error_403_action_prohibited.json': 'rejected user',
        'doc_error_404_channel_not_found.json': 'rejected user',
        'doc_error_404_no_service.json': 'rejected user',
        'doc_error_410_channel_is_archived.json': 'rejected user',
        'doc_error_500_rollup_error.json': 'unknown',
        'error_404_no_team.json': 'rejected user',
        'webhook_200_ok_2022.json': 'accepted',
      };
      for (const recorded of all) {
        const { kind, whose } = (await slack.send(contextWith(answering(recorded)), notification)) as {
          kind: string;
          whose?: string;
        };
        const came = whose === undefined ? kind : `${kind} ${whose}`;
        expect({ file: recorded.file, came }).toEqual({ file: recorded.file, came: expected[recorded.file] });
      }
    },
  );
});
