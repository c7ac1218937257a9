import { cutText } from '../domain/cut-text.js';

/** What a failed call tells of the way to AWS. A kind exists because something else is to be done about it. */
export type AwsFailure =
  | 'no-credentials'
  | 'expired'
  | 'not-accepted'
  /** The credentials are accepted, but may not do this. */
  | 'denied'
  | 'absent'
  | 'no-answer'
  | 'other';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html and the same of Secrets Manager and SQS */
const kinds: Readonly<Record<string, AwsFailure>> = {
  CredentialsProviderError: 'no-credentials',
  TokenProviderError: 'no-credentials',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  IncompleteSignature: 'not-accepted',
  IncompleteSignatureException: 'not-accepted',
  InvalidClientTokenId: 'not-accepted',
  InvalidSignatureException: 'not-accepted',
  MissingAuthenticationToken: 'not-accepted',
  MissingAuthenticationTokenException: 'not-accepted',
  SignatureDoesNotMatch: 'not-accepted',
  UnrecognizedClientException: 'not-accepted',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  ResourceNotFoundException: 'absent',
  QueueDoesNotExist: 'absent',
};

/** For all that a person can do about `expired`. */
export const signInAgain = 'sign in again: aws sso login';

interface SdkFailure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly attempts?: unknown };
}

/** Whatever a call of the AWS SDK throws. */
export function awsFailure(error: unknown): AwsFailure {
  const { name, message, $metadata }: SdkFailure = error ?? {};
  const kind = typeof name === 'string' && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  // A session of `aws sso login` that is over is found out before AWS is asked, and told in several ways.
  if (kind === 'no-credentials' && /expired|refresh this SSO session/i.test(String(message))) return 'expired';
  return kind ?? ($metadata?.httpStatusCode === undefined ? 'no-answer' : 'other');
}

const longestDetail = 200;
/** Around what came from the network. */
const wrapper = /^AWS SDK error wrapper for (Error: )?/;

/**
 * How the last of its attempts ended, for people. Only the first line: below it an InvalidSignatureException repeats the
 * request's headers, session token included.
 */
export function lastAttempt(error: unknown): string {
  const failure: SdkFailure = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const { name, code, message = '', $metadata } = failure;
  const kind = String(code ?? name ?? 'an unknown error');
  const [firstLine = ''] = String(message).replace(wrapper, '').split('\n');
  const attempts = Number($metadata?.attempts ?? 1);
  const detail = firstLine === '' ? kind : `${kind} (${cutText(firstLine, longestDetail)})`;
  return `${detail} after ${attempts} attempt${attempts === 1 ? '' : 's'}`;
}
