import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import type { Problem } from '../../domain/problem.js';
import { awsFailure, lastAttempt, signInAgain } from '../aws-failure.js';

/** Its whole address would say whose account it is. */
export const queueName = (queueUrl: string): string => `"${new URL(queueUrl).pathname.split('/').at(-1)}"`;

const remedy = 'check the credentials, the network and AWS_ENDPOINT_URL_SQS';

/** Of a call that failed as a whole. */
export function queueProblem(error: unknown, queueUrl: string): Problem {
  const queue = queueName(queueUrl);
  const failure = awsFailure(error);
  switch (failure) {
    case 'absent':
      return {
        message: `there is no queue ${queue} in this account and region`,
        remedy: 'deploy the stack with FanOut=true, or unset SQS_QUEUE_URL',
      };
    case 'denied':
      return {
        message: `SQS does not let this program ring ${queue}`,
        remedy: 'allow its role sqs:SendMessage on the queue',
      };
    default:
      return {
        message: `SQS took no message for ${queue}: ${lastAttempt(error)}`,
        remedy: failure === 'expired' ? signInAgain : remedy,
      };
  }
}

/** Of single messages; the rest of their batch was taken. */
export const refusedEntry = ({ Code, Message }: Partial<BatchResultErrorEntry> = {}): Problem =>
  Code === undefined
    ? { message: 'SQS did not say that it took all messages', remedy }
    : { message: `SQS refused messages: ${lastAttempt({ code: Code, message: Message })}` };
