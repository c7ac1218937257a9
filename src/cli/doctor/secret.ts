import { readSecretFile } from '../../adapters/secret-file.js';
import { type Secret, SecretError } from '../../adapters/secret-text.js';
import type { AwsAnswer } from './aws.js';
import { type Finding, right, skipped, wrong, wrongAs } from './findings.js';

export interface SecretReading {
  readonly findings: readonly Finding[];
  readonly secret: Secret | undefined;
  /** Why what needs the secret is skipped. */
  readonly reasonMissing: string;
  /** Where Secrets Manager was asked. */
  readonly answer?: AwsAnswer;
}

const makeIt = 'trading-alerts secret makes a right one';

function usersFinding({ pushover_users }: Secret): Finding {
  const names = Object.keys(pushover_users);
  if (names.length === 0) return wrong('users', 'nobody has a key', `add keys under pushover_users; ${makeIt}`);
  const hasDefault = names.includes('default');
  const blank = 'rows with a blank user_id are for "default", who has no key: name the user in every row, or add one';
  return right('users', names.join(', '), hasDefault ? undefined : blank);
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
export async function examineSecret(source: string, read: () => Promise<Secret>): Promise<SecretReading> {
  try {
    const secret = await read();
    const account = secret.google_service_account ? 'with a service account' : 'without a service account';
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
