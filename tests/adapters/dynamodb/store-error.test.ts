import { expect, test } from '@jest/globals';
import { storeError } from '../../../src/adapters/dynamodb/store-error.js';

test.each<{ name: string; cause: unknown; message: string }>([
  {
    name: 'a refused connection is named by its code',
    cause: {
      name: 'Error',
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED 127.0.0.1:8000',
      $metadata: { attempts: 6 },
    },
    message: 'ECONNREFUSED (connect ECONNREFUSED 127.0.0.1:8000) after 6 attempts',
  },
  {
    name: 'missing credentials are told before any attempt',
    cause: { name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' },
    message: 'CredentialsProviderError (Could not load credentials from any providers) after 1 attempt',
  },
  ...['ExpiredTokenException', 'ExpiredToken'].map((name) => ({
    name: `an expired sign-in is told as one: ${name}`,
    cause: { name, message: 'The security token included in the request is expired', $metadata: { attempts: 1 } },
    message: 'the AWS sign-in has expired; sign in again: aws sso login',
  })),
  {
    name: 'an error without words keeps its name',
    cause: { name: 'AggregateError', message: '' },
    message: 'AggregateError after 1 attempt',
  },
  {
    name: 'what was thrown may be no error at all',
    cause: 'broken',
    message: 'an unknown error (broken) after 1 attempt',
  },
  {
    name: 'a long explanation is cut',
    cause: { name: 'AccessDeniedException', message: 'x'.repeat(500) },
    message: `AccessDeniedException (${'x'.repeat(199)}…) after 1 attempt`,
  },
])('$name', ({ cause, message }) => {
  const error = storeError('take the claim of alert a', 'trading-alerts', cause);
  expect(error.message).toBe(`DynamoDB did not take the claim of alert a: ${message}`);
  expect(error.cause).toBe(cause);
});
