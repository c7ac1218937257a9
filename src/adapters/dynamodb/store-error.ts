import { awsFailure, lastAttempt, signInAgain } from '../aws-failure.js';

/** DynamoDB could not be asked, or holds what cannot be read. The message says what was tried. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

function explained(failure: unknown, tableName: string): string {
  switch (awsFailure(failure)) {
    case 'absent':
      return `there is no table "${tableName}" in this account and region; deploy the stack, or set DYNAMODB_TABLE_NAME and AWS_REGION to where the table is`;
    case 'expired':
      return `the AWS sign-in has expired; ${signInAgain}`;
    default:
      return lastAttempt(failure);
  }
}

/** `what` completes "DynamoDB did not …". */
export function storeError(what: string, tableName: string, cause: unknown): StoreError {
  return new StoreError(`DynamoDB did not ${what}: ${explained(cause, tableName)}`, { cause });
}
