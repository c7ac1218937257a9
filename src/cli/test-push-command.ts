import { randomUUID } from 'node:crypto';
import { createNotifiers } from '../adapters/notifiers/connect.js';
import type { Keys } from '../adapters/notifiers/keys.js';
import type { Notification, SendOutcome } from '../adapters/notifiers/notification.js';
import { type ChannelName, notifierOf } from '../adapters/notifiers/registry.js';
import { createTransport } from '../adapters/notifiers/transport.js';
import { SecretError } from '../adapters/secret-error.js';
import { readSecretFile } from '../adapters/secret-file.js';
import type { Config } from '../config.js';
import { aligned, shownInstant } from './print.js';
import { readSecretFromAws } from './secret-from-aws.js';

export interface TestPushOptions {
  /** The secret of the Lambda; otherwise the file. */
  readonly aws?: true;
  readonly secret?: string;
  readonly region?: string;
  /** Otherwise all that the user has. */
  readonly channel?: ChannelName;
}

export interface TestPushOutside {
  readonly config: Pick<Config, 'secretId' | 'notifierOrigins'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secretsFile: string;
  /** ms since 1970 */
  readonly now: number;
}

export interface TestPushResult {
  /** By every channel. */
  readonly isAccepted: boolean;
  /** For people: what became of it, and what to do. */
  readonly text: string;
}

async function readFromFile(path: string): Promise<Keys> {
  const keys = await readSecretFile(path);
  if (keys !== undefined) return keys;
  throw new SecretError({ message: `there is no ${path}`, remedy: `trading-alerts secret --out ${path} makes it` });
}

const notificationTo = (user: string, now: number): Notification => ({
  id: `test-${randomUUID()}`,
  kind: 'test',
  title: 'trading-alerts: test',
  lines: [`It works: alerts for "${user}" arrive here. Sent ${shownInstant(now)}.`],
  happenedAt: now,
  priority: 'normal',
  isSilent: false,
  direction: undefined,
  facts: { user },
});

const words: Readonly<Record<SendOutcome['kind'], string>> = {
  accepted: 'accepted',
  rejected: 'refused',
  unknown: 'unknown',
  'rate-limited': 'too many',
  'quota-exceeded': 'used up',
};

/** Nothing is sent again here, so what stays unknown has no remedy but to look. */
function explained(outcome: SendOutcome): string {
  if (outcome.kind === 'accepted') return '';
  const { detail, remedy } = outcome.problem;
  return outcome.kind === 'unknown' || outcome.kind === 'rate-limited' ? detail : `${detail}; ${remedy}`;
}

type Sent = readonly (readonly [channel: ChannelName, outcome: SendOutcome])[];

function shown(sent: Sent, user: string): string {
  const [only, ...others] = sent;
  if (only === undefined || others.length > 0) {
    return aligned(sent.map(([channel, outcome]) => [channel, words[outcome.kind], explained(outcome)]));
  }
  const [channel, outcome] = only;
  if (outcome.kind !== 'accepted') return explained(outcome);
  return `${notifierOf(channel).label} accepted the message for ${user}; look at the phone`;
}

/** One message a channel, once, by the way of the alerts. Throws `SecretError` where there is no secret to be had. */
export async function testPush(
  user: string,
  options: TestPushOptions,
  outside: TestPushOutside,
): Promise<TestPushResult> {
  const keys = await (options.aws ? readSecretFromAws(options, outside) : readFromFile(outside.secretsFile));
  const channels = Object.keys(keys.users.get(user) ?? {}) as ChannelName[];
  if (channels.length === 0) {
    const names = [...keys.users.keys()].join(', ');
    return { isAccepted: false, text: `there is no such user in the secret; it has ${names || 'nobody'}` };
  }
  const notifiers = createNotifiers({
    keys: { read: async () => keys, forget: () => undefined },
    transport: createTransport({ timeoutMs: 10_000 }),
    origins: outside.config.notifierOrigins,
    now: () => outside.now,
  });
  const asked = options.channel === undefined ? channels : [options.channel];
  const sent = await Promise.all(
    asked.map(
      async (channel) => [channel, await notifiers.send(channel, user, notificationTo(user, outside.now))] as const,
    ),
  );
  return { isAccepted: sent.every(([, { kind }]) => kind === 'accepted'), text: shown(sent, user) };
}
