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

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html and the same of Secrets Manager */
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
};

/** For all that a person can do about `expired`. */
export const signInAgain = 'sign in again: aws sso login';

interface SdkFailure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

/** Whatever a call of the AWS SDK throws. */
export function awsFailure(error: unknown): AwsFailure {
  const { name, message, $metadata }: SdkFailure = error ?? {};
  const kind = typeof name === 'string' && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  // A session of `aws sso login` that is over is found out before AWS is asked, and told in several ways.
  if (kind === 'no-credentials' && /expired|refresh this SSO session/i.test(String(message))) return 'expired';
  return kind ?? ($metadata?.httpStatusCode === undefined ? 'no-answer' : 'other');
}
