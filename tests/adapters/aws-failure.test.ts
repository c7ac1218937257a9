import { expect, test } from '@jest/globals';
import { type AwsFailure, awsFailure } from '../../src/adapters/aws-failure.js';

const thrown = (name: string, more: object = {}) => Object.assign(new Error('said by AWS'), { name, ...more });
const answered = { $metadata: { httpStatusCode: 400 } };

test.each<[name: string, error: unknown, kind: AwsFailure]>([
  ['no credentials anywhere', thrown('CredentialsProviderError'), 'no-credentials'],
  ['a sign-in without its file', thrown('TokenProviderError'), 'no-credentials'],
  [
    'a sign-in that is over',
    thrown('CredentialsProviderError', { message: 'The SSO session associated with this profile has expired.' }),
    'expired',
  ],
  [
    'a sign-in that cannot be renewed',
    thrown('CredentialsProviderError', {
      message:
        "Value not present for 'clientId' in SSO Token. Cannot refresh. To refresh this SSO session run 'aws sso login'",
    }),
    'expired',
  ],
  ['a token that is over', thrown('TokenProviderError', { message: 'Token is expired.' }), 'expired'],
  ['a session that is over', thrown('ExpiredTokenException', answered), 'expired'],
  ['an unknown key', thrown('UnrecognizedClientException', answered), 'not-accepted'],
  ['a wrong secret key', thrown('InvalidSignatureException', answered), 'not-accepted'],
  ['no permission', thrown('AccessDeniedException', answered), 'denied'],
  ['nothing of that name', thrown('ResourceNotFoundException', answered), 'absent'],
  ['a refused connection', thrown('Error', { code: 'ECONNREFUSED', $metadata: { attempts: 2 } }), 'no-answer'],
  ['no answer in time', thrown('TimeoutError'), 'no-answer'],
  ['a service out of order', thrown('InternalServiceError', { $metadata: { httpStatusCode: 500 } }), 'other'],
  ['a name of every object', thrown('constructor', answered), 'other'],
  ['no error at all', undefined, 'no-answer'],
])('%s', (_, error, kind) => expect(awsFailure(error)).toBe(kind));
