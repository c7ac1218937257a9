import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Problem } from '../domain/problem.js';
import { minuteMs } from '../domain/time.js';
import { type AwsFailure, awsFailure, signInAgain } from './aws-failure.js';
import { errorCode } from './error-code.js';
import { SecretError } from './secret-error.js';

export interface SecretReader<Value> {
  /** Throws `SecretError` where the secret was never read yet and cannot be read now. */
  read(): Promise<Value>;
  /** Something of it was rejected, so the next read asks anew: it may have been repaired meanwhile. */
  forget(): void;
}

/** After a failed refresh; each attempt may take seconds. */
const refreshAgainAfterMs = minuteMs;
const usualKeepMs = 10 * minuteMs;

export interface SecretReaderSettings<Value> {
  readonly fetchText: () => Promise<string>;
  /** Throws `SecretError`. */
  readonly parse: (text: string) => Value;
  readonly now: () => number;
  readonly keepMs?: number;
  readonly onStale?: (error: unknown) => void;
}

/**
 * Kept for `keepMs`; simultaneous reads share one fetch. When a refresh fails, the secret at hand stays in use and
 * `onStale` is told why: keys that worked ten minutes ago most likely still do.
 */
export function createSecretReader<Value>(settings: SecretReaderSettings<Value>): SecretReader<Value> {
  const { fetchText, parse, now, keepMs = usualKeepMs, onStale = () => undefined } = settings;
  let kept: { readonly value: Value } | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let timesForgotten = 0;
  let fetching: Promise<Value> | undefined;

  async function fetchAnew(): Promise<Value> {
    const timesBefore = timesForgotten;
    try {
      kept = { value: parse(await fetchText()) };
      // A secret that was rejected while this fetch was under way may be this very one.
      if (timesForgotten === timesBefore) freshUntil = now() + keepMs;
    } catch (error) {
      if (kept === undefined) throw error;
      freshUntil = now() + refreshAgainAfterMs;
      onStale(error);
    } finally {
      fetching = undefined;
    }
    return kept.value;
  }

  return {
    async read() {
      if (kept !== undefined && now() < freshUntil) return kept.value;
      fetching ??= fetchAnew();
      return fetching;
    },
    forget() {
      timesForgotten += 1;
      freshUntil = Number.NEGATIVE_INFINITY;
    },
  };
}

/** The name alone: an SDK message may repeat the answer, and with it the secret, or the request's signature. */
function nameOf(error: unknown): string {
  const { name } = (error ?? {}) as { name?: unknown };
  return typeof name === 'string' && /^\w{1,60}$/.test(name) ? name : 'unknown error';
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors */
function problemOf(error: unknown, failure: AwsFailure, secretId: string): Problem {
  const name = nameOf(error);
  switch (failure) {
    case 'expired':
      return {
        message: `the AWS sign-in has expired, so the secret "${secretId}" cannot be read`,
        remedy: signInAgain,
      };
    case 'no-credentials':
    case 'not-accepted':
      return {
        message: `AWS credentials are missing or not accepted (${name}), so the secret "${secretId}" cannot be read`,
        remedy: "sign in, or check the function's role and the clock",
      };
    case 'absent':
      return {
        message: `there is no secret "${secretId}" with a value in this account and region`,
        remedy: 'create it, or set SECRET_ID and AWS_REGION to where it is',
      };
    case 'denied':
      return {
        message: `AWS does not let this program read the secret "${secretId}"`,
        remedy: 'allow secretsmanager:GetSecretValue on it, and kms:Decrypt where it has a key of its own',
      };
  }
  switch (name) {
    case 'DecryptionFailure':
      return {
        message: `Secrets Manager cannot decrypt the secret "${secretId}"`,
        remedy: 'check that its KMS key is enabled',
      };
    case 'InvalidRequestException':
      return {
        message: `Secrets Manager does not give the secret "${secretId}" in its present state`,
        remedy: 'where it is scheduled for deletion, restore it',
      };
    case 'AbortError':
    case 'TimeoutError':
      return {
        message: `Secrets Manager did not answer in time for the secret "${secretId}"`,
        remedy: 'where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
      };
    default:
      return {
        message: `Secrets Manager did not give the secret "${secretId}" (${errorCode(error) ?? name})`,
        remedy: 'where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
      };
  }
}

function refusal(error: unknown, secretId: string): SecretError {
  const failure = awsFailure(error);
  return new SecretError(problemOf(error, failure, secretId), { aws: failure });
}

/** Throws `SecretError` within `timeoutMs`, the client's own repeats included. */
export function fetchFromSecretsManager(
  client: SecretsManagerClient,
  secretId: string,
  timeoutMs = 10_000,
): () => Promise<string> {
  return async () => {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const answer = await client
      .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
      .catch((error: unknown) => refusal(error, secretId));
    if (answer instanceof SecretError) throw answer;
    if (answer.SecretString !== undefined) return answer.SecretString;
    throw new SecretError({
      message: `the secret "${secretId}" is binary`,
      remedy: 'store it again as text that holds the JSON',
    });
  };
}
