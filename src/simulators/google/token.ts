import { type KeyObject, verify } from 'node:crypto';

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest, what the token endpoint says no with. */
export interface TokenRefusal {
  readonly error: string;
  readonly error_description: string;
}

export interface ServiceAccount {
  readonly clientEmail: string;
  readonly publicKey: KeyObject;
}

const longestLifeSeconds = 3_600;

const grant = (error_description: string): TokenRefusal => ({ error: 'invalid_grant', error_description });

function readPart(part: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/**
 * The scope that the signed request is for, or why it is refused.
 * Not compared with the wall clock: a simulation may run at another time than its client believes in.
 */
export function checkTokenRequest(form: URLSearchParams, account: ServiceAccount): { scope: string } | TokenRefusal {
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return { error: 'unsupported_grant_type', error_description: 'Invalid grant_type' };
  }
  const [header, claims, signature, ...more] = (form.get('assertion') ?? '').split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) {
    return { error: 'invalid_request', error_description: 'Bad Request: the assertion is no JWT' };
  }
  const { iss, scope, aud, iat, exp } = readPart(claims);
  if (iss !== account.clientEmail) return grant('Invalid grant: account not found');
  const isSigned =
    readPart(header).alg === 'RS256' &&
    verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), account.publicKey, Buffer.from(signature, 'base64url'));
  if (!isSigned) return grant('Invalid JWT Signature.');
  if (typeof aud !== 'string' || !/^https?:\/\/.+\/token$/.test(aud)) {
    return grant('Invalid JWT: Failed audience check.');
  }
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp <= iat || exp > iat + longestLifeSeconds) {
    return grant(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
  }
  if (typeof scope !== 'string' || scope === '') {
    return { error: 'invalid_scope', error_description: 'Invalid OAuth scope or ID token audience provided.' };
  }
  return { scope };
}
