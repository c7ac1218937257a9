import { cutText } from '../../domain/cut-text.js';
import { awsFailure, signInAgain } from '../aws-failure.js';

/** DynamoDB could not be asked, or holds what cannot be read. The message says what was tried. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

interface SdkFailure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly attempts?: number };
}

const longestDetail = 200;

/** Only the first line: below it an InvalidSignatureException repeats the request's headers, session token included. */
function detailOf({ name, code, message = '' }: SdkFailure): string {
  const kind = code ?? name ?? 'an unknown error';
  const [firstLine = ''] = message.split('\n');
  return firstLine === '' ? kind : `${kind} (${cutText(firstLine, longestDetail)})`;
}

function explained(failure: SdkFailure, tableName: string): string {
  switch (awsFailure(failure)) {
    case 'absent':
      return `there is no table "${tableName}" in this account and region; deploy the stack, or set DYNAMODB_TABLE_NAME and AWS_REGION to where the table is`;
    case 'expired':
      return `the AWS sign-in has expired; ${signInAgain}`;
    default: {
      const attempts = failure.$metadata?.attempts ?? 1;
      return `${detailOf(failure)} after ${attempts} attempt${attempts === 1 ? '' : 's'}`;
    }
  }
}

/** `what` completes "DynamoDB did not …". */
export function storeError(what: string, tableName: string, cause: unknown): StoreError {
  const failure: SdkFailure = typeof cause === 'object' && cause !== null ? cause : { message: String(cause) };
  return new StoreError(`DynamoDB did not ${what}: ${explained(failure, tableName)}`, { cause });
}
