import { expect, test } from '@jest/globals';
import { type SlackRefusal, type SlackState, slackLimit, slackSimulator } from '../../src/simulators/slack.js';
import { asJson, askOf, createClock, recording, start, testOverRecordings } from './support.js';

const path = '/services/T/B/x';

function stage() {
  const state: SlackState = { webhooks: new Map([[path, 'open']]), received: [], limit: slackLimit };
  const clock = createClock();
  const ask = askOf((traffic) => slackSimulator(state, traffic, clock.now));
  return { state, clock, post: (payload: object, to = path) => ask(to, asJson(payload)), ask };
}

test('a message is kept and answered with a word', async () => {
  const { state, post } = stage();
  const { status, text, headers } = await post({
    text: 'a',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'b' } }],
  });
  expect([status, text, headers.get('content-type')]).toEqual([200, 'ok', 'text/html']);
  expect(state.received).toEqual([{ receivedAt: start, path, text: 'a', sections: ['b'] }]);
});

test.each<[name: string, status: number, word: SlackRefusal, payload: object, to?: string]>([
  ['nothing', 400, 'no_text', {}],
  ['too long a section', 400, 'invalid_payload', { text: 'a', blocks: [{ text: { text: 'x'.repeat(3001) } }] }],
  ['an unknown webhook', 404, 'no_service', { text: 'a' }, '/services/T/B/y'],
])('%s is refused', async (_name, status, word, payload, to = path) => {
  const { state, post } = stage();
  const answer = await post(payload, to);
  expect([answer.status, answer.text, state.received]).toEqual([status, word, []]);
});

test('what is no JSON is refused', async () => {
  const { ask } = stage();
  expect((await ask(path, { method: 'POST', body: 'hello' })).text).toBe('invalid_payload');
});

test('one a second goes through, with short bursts', async () => {
  const { clock, post } = stage();
  const send = async () => (await post({ text: 'x' })).status;
  const burst: number[] = [];
  for (let count = 0; count < 6; count += 1) burst.push(await send());
  expect(burst).toEqual([200, 200, 200, 200, 200, 429]);
  expect((await post({ text: 'x' })).headers.get('retry-after')).toBe('5');
  clock.wait(5_000);
  expect(await send()).toBe(200);
});

testOverRecordings(
  'slack',
  'the answers are the real ones, word by word',
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
    const { state, post } = stage();
    for (const { file, status, text } of all) {
      state.webhooks.set(path, text === 'ok' ? 'open' : (text as SlackRefusal));
      const answer = await post({ text: 'x' });
      expect({ file, status: answer.status, text: answer.text }).toEqual({ file, status, text });
      expect(answer.headers.get('content-type')).toBe(recording('slack', file).headers['Content-Type'] ?? 'text/html');
    }
  },
);
