import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { cutText } from '../../domain/cut-text.js';
import type { Problem } from '../../domain/problem.js';
import { awsFailure, lastAttempt, signInAgain } from '../aws-failure.js';

/** Its whole address would say whose account it is. */
export const queueName = (queueUrl: string): string => `"${new URL(queueUrl).pathname.split('/').at(-1)}"`;

const variables = 'SQS_QUEUE_URL and AWS_ENDPOINT_URL_SQS';

/** Of a call that failed as a whole. */
export function queueProblem(error: unknown, queueUrl: string): Problem {
  const queue = queueName(queueUrl);
  switch (awsFailure(error)) {
    case 'absent':
      return {
        message: `there is no queue ${queue} in this account and region`,
        remedy: 'deploy the stack with FanOut=true, or with FanOut=false to go without; SQS_QUEUE_URL is what it rings',
      };
    case 'denied':
      return {
        message: `SQS does not let this program ring ${queue}`,
        remedy: 'allow its role sqs:SendMessage on the queue, as template.yaml does',
      };
    case 'expired':
      return { message: `SQS took no message for ${queue}: the AWS sign-in has expired`, remedy: signInAgain };
    case 'no-credentials':
    case 'not-accepted':
      return {
        message: `SQS does not accept the credentials: ${lastAttempt(error)}`,
        remedy: 'give the program a role, or sign in',
      };
    default:
      return {
        message: `SQS took no message for ${queue}: ${lastAttempt(error)}`,
        remedy: `where that stays so, check the network, ${variables}`,
      };
  }
}

/** Of single messages; the rest of their batch was taken. */
export function refusedEntry({ Code, Message }: Partial<BatchResultErrorEntry> = {}): Problem {
  if (Code === undefined) return { message: 'SQS did not say that it took all messages', remedy: `check ${variables}` };
  const [firstLine = ''] = (Message ?? '').split('\n');
  return { message: `SQS refused messages: ${Code}${firstLine === '' ? '' : ` (${cutText(firstLine, 200)})`}` };
}
