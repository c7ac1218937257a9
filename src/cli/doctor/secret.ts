import type { Keys } from '../../adapters/notifiers/keys.js';
import { SecretError } from '../../adapters/secret-error.js';
import { readSecretFile } from '../../adapters/secret-file.js';
import type { AwsAnswer } from './aws.js';
import { type Finding, right, skipped, wrong, wrongAs } from './findings.js';

export interface SecretReading {
  readonly findings: readonly Finding[];
  readonly secret: Keys | undefined;
  /** Why what needs the secret is skipped. */
  readonly reasonMissing: string;
  /** Where Secrets Manager was asked. */
  readonly answer?: AwsAnswer;
}

const makeIt = 'trading-alerts secret makes a right one';

/** The channels are named only where there is a choice. */
function shownUsers({ users }: Keys): string {
  const all = new Set([...users.values()].flatMap((channels) => Object.keys(channels)));
  const shown = [...users].map(([name, channels]) =>
    all.size > 1 ? `${name} (${Object.keys(channels).join(', ')})` : name,
  );
  return shown.join(', ');
}

function usersFinding(keys: Keys): Finding {
  if (keys.users.size === 0) return wrong('users', 'nobody has a key', `add them under users; ${makeIt}`);
  const hasDefault = keys.users.has('default');
  const blank = 'rows with a blank user_id are for "default", who has no key: name the user in every row, or add one';
  return right('users', shownUsers(keys), hasDefault ? undefined : blank);
}

function failureFinding({ problem, reason }: SecretError): Finding {
  if (reason.problems !== undefined) {
    return wrong('secret', 'it is not well formed', [...reason.problems, makeIt].join('\n'));
  }
  const found = wrongAs('secret', problem, makeIt);
  const whereToLook = 'make it with trading-alerts secret, or give its name with --secret and its region with --region';
  return reason.aws === 'absent' ? { ...found, remedy: whereToLook } : found;
}

function failed(error: SecretError): SecretReading {
  const { aws } = error.reason;
  return {
    findings: [failureFinding(error)],
    secret: undefined,
    reasonMissing: 'the secret cannot be read',
    ...(aws && { answer: aws }),
  };
}

/** `read` throws `SecretError`. */
export async function examineSecret(source: string, read: () => Promise<Keys>): Promise<SecretReading> {
  try {
    const secret = await read();
    const account = secret.googleServiceAccount ? 'with a service account' : 'without a service account';
    return {
      findings: [right('secret', `${source} is well formed, ${account}`), usersFinding(secret)],
      secret,
      reasonMissing: '',
    };
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    return failed(error);
  }
}

export const skippedSecret = (reason: string): SecretReading => ({
  findings: [skipped('secret', reason)],
  secret: undefined,
  reasonMissing: reason,
});

/** Without the file a laptop shows pushes in the terminal, and only the real sheet cannot be read. */
export async function examineSecretsFile(path: string, isGoogle: boolean): Promise<SecretReading> {
  const toMake = `trading-alerts secret --out ${path} makes it`;
  let isMissing = false;
  const reading = await examineSecret(path, async () => {
    const secret = await readSecretFile(path);
    isMissing = secret === undefined;
    if (secret === undefined) throw new SecretError({ message: `there is no ${path}`, remedy: toMake });
    return secret;
  });
  if (!isMissing) return reading;
  const reasonMissing = `there is no ${path}`;
  if (isGoogle) return { ...reading, reasonMissing };
  const found = skipped('secret', `${reasonMissing}: pushes are shown in the terminal`, `for real pushes, ${toMake}`);
  return { findings: [found], secret: undefined, reasonMissing };
}
