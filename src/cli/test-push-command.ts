import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createHttp } from '../adapters/http.js';
import { createPushover } from '../adapters/pushover.js';
import { fetchFromSecretsManager } from '../adapters/secret.js';
import { readSecretFile } from '../adapters/secret-file.js';
import { parseSecret, type Secret, SecretError } from '../adapters/secret-text.js';
import type { Config } from '../config.js';
import type { Message } from '../domain/message.js';
import { findRegion } from './aws-region.js';
import { shownInstant } from './print.js';

export interface TestPushOptions {
  /** The secret of the Lambda; otherwise the file. */
  readonly aws?: true;
  readonly secret?: string;
  readonly region?: string;
}

export interface TestPushOutside {
  readonly config: Pick<Config, 'secretId' | 'pushoverBaseUrl'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secretsFile: string;
  /** ms since 1970 */
  readonly now: number;
}

export interface TestPushResult {
  readonly isAccepted: boolean;
  /** For people: what became of it, and what to do. */
  readonly text: string;
}

async function readFromAws(options: TestPushOptions, { config, environment }: TestPushOutside): Promise<Secret> {
  const secretId = options.secret ?? config.secretId;
  const { region } = await findRegion(options.region, environment);
  if (region === undefined) {
    throw new SecretError({ message: 'no AWS region is set', remedy: 'set AWS_REGION or give --region' });
  }
  const client = new SecretsManagerClient({ region, maxAttempts: 2 });
  try {
    return parseSecret(await fetchFromSecretsManager(client, secretId)(), `the secret "${secretId}"`);
  } finally {
    client.destroy();
  }
}

async function readFromFile(path: string): Promise<Secret> {
  const secret = await readSecretFile(path);
  if (secret !== undefined) return secret;
  throw new SecretError({ message: `there is no ${path}`, remedy: `trading-alerts secret --out ${path} makes it` });
}

const messageTo = (user: string, now: number): Message => ({
  user,
  title: 'trading-alerts: test',
  text: `It works: alerts for "${user}" arrive here. Sent ${shownInstant(now)}.`,
  timestamp: Math.floor(now / 1000),
});

/** One message, once, by the way of the alerts. Throws `SecretError` where there is no secret to be had. */
export async function testPush(
  user: string,
  options: TestPushOptions,
  outside: TestPushOutside,
): Promise<TestPushResult> {
  const secret = await (options.aws ? readFromAws(options, outside) : readFromFile(outside.secretsFile));
  const names = Object.keys(secret.pushover_users);
  if (!names.includes(user)) {
    const text = `there is no such user in the secret; it has ${names.join(', ') || 'nobody'}`;
    return { isAccepted: false, text };
  }
  const notifier = createPushover({
    baseUrl: outside.config.pushoverBaseUrl,
    secret: { read: async () => secret, forget: () => undefined },
    http: createHttp({ timeoutMs: 10_000, retries: 0 }),
  });
  const sent = await notifier.push(messageTo(user, outside.now));
  if (sent.ok) return { isAccepted: true, text: `Pushover accepted the message for ${user}; look at the phone` };
  return { isAccepted: false, text: sent.error.detail };
}
