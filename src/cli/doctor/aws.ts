import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AwsFailure, awsFailure, signInAgain } from '../../adapters/aws-failure.js';
import { createStoreClient } from '../../adapters/dynamodb/client.js';
import { isRegion, regionProblem } from '../../domain/region.js';
import { findRegion } from '../aws-region.js';
import { type Finding, right, skipped, wrong } from './findings.js';
import type { DoctorOptions, Outside } from './surroundings.js';

/** Where and as whom AWS is asked. */
export interface Account {
  /** Undefined where none was found. */
  readonly region: string | undefined;
  readonly findings: readonly Finding[];
  /** Undefined where AWS cannot be asked, for `reasonMissing`. */
  readonly clients: { readonly secrets: SecretsManagerClient; readonly store: DynamoDBDocumentClient } | undefined;
  readonly reasonMissing: string;
}

function regionFinding(region: string | undefined, source: string): Finding {
  const problem = regionProblem(region);
  if (problem === undefined) return right('region', `${region}, from ${source}`);
  const how = 'set AWS_REGION or give --region, as samconfig.toml has it';
  return wrong('region', problem.message, region === undefined ? how : (problem.remedy ?? how));
}

function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  ]);
}

const signIn = 'sign in (aws configure, or aws sso login), and check AWS_PROFILE';

function credentialsFailure(failure: AwsFailure): Finding {
  return failure === 'expired'
    ? wrong('credentials', 'the sign-in has expired', signInAgain)
    : wrong('credentials', 'the AWS SDK finds none: no variables, no profile, no role', signIn);
}

/** Finds out where and as whom; nothing is asked of AWS itself. The clients are to be destroyed. */
export async function examineAccount(options: DoctorOptions, outside: Outside): Promise<Account> {
  const { region, source } = await findRegion(options.region, outside.environment);
  const found = regionFinding(region, source);
  // In a region that exchanges refuse everything else may be right all the same.
  if (region === undefined || !isRegion(region)) {
    const reasonMissing = 'without a region it is not clear where to ask';
    return { region, findings: [found, skipped('credentials', reasonMissing)], clients: undefined, reasonMissing };
  }
  const { timeoutMs } = outside;
  const store = createStoreClient({
    region,
    maxAttempts: 2,
    connectionTimeoutMs: timeoutMs,
    requestTimeoutMs: timeoutMs,
  });
  const secrets = new SecretsManagerClient({ region, maxAttempts: 2 });
  try {
    await within(2 * timeoutMs, store.config.credentials());
    return { region, findings: [found], clients: { secrets, store }, reasonMissing: '' };
  } catch (error) {
    store.destroy();
    secrets.destroy();
    const findings = [found, credentialsFailure(awsFailure(error))];
    return { region, findings, clients: undefined, reasonMissing: 'there are no AWS credentials' };
  }
}

/** How a call to AWS ended. */
export type AwsAnswer = AwsFailure | 'answered';

/** Of the credentials themselves; what is missing or not allowed is told elsewhere. */
export const isCredentialFailure = (answer: AwsAnswer | undefined): boolean =>
  answer === 'no-credentials' || answer === 'expired' || answer === 'not-accepted';

/** What the calls that were made say of the credentials. */
export function credentialsFinding(answers: readonly AwsAnswer[]): Finding {
  const refused = answers.find(isCredentialFailure);
  if (refused === 'not-accepted') {
    return wrong(
      'credentials',
      'AWS does not accept them: the key is unknown or disabled, or the secret key is not its own',
      `${signIn}; aws sts get-caller-identity tells whose they are`,
    );
  }
  if (refused !== undefined) return credentialsFailure(refused === 'expired' ? 'expired' : 'no-credentials');
  if (answers.every((answer) => answer === 'no-answer')) {
    return skipped('credentials', 'there are some, but AWS did not say whether it accepts them');
  }
  return right('credentials', 'there are some, and AWS accepts them');
}
