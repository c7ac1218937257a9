import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type AwsFailure, awsFailure } from '../../adapters/aws-failure.js';
import { createQueueClient, type QueueClientOptions } from '../../adapters/queue/client.js';
import { queueName } from '../../adapters/queue/queue-problem.js';
import { isCredentialFailure } from './aws.js';
import { type Finding, right, type Section, skipped, wrong } from './findings.js';

function failureFinding(failure: AwsFailure, name: string): Finding {
  if (isCredentialFailure(failure)) return skipped('queue', 'AWS does not accept the credentials');
  switch (failure) {
    case 'absent':
      return wrong(
        'queue',
        `there is no queue ${name} in this account and region`,
        'deploy the stack with FanOut=true, or unset SQS_QUEUE_URL to go without',
      );
    case 'denied':
      return wrong(
        'queue',
        'AWS does not let these credentials look at the queue',
        `allow them sqs:GetQueueAttributes on ${name}`,
      );
    default:
      return wrong('queue', `SQS did not answer for ${name}`, 'check the network, the region and AWS_ENDPOINT_URL_SQS');
  }
}

/** Nothing is rung. No section where there is no queue; `access` undefined where AWS cannot be asked, for `reasonMissing`. */
export async function examineQueue(
  queueUrl: string | undefined,
  access: QueueClientOptions | undefined,
  reasonMissing: string,
): Promise<Section[]> {
  if (queueUrl === undefined) return [];
  const section = (finding: Finding): Section[] => [{ title: 'Queue', findings: [finding] }];
  if (access === undefined) return section(skipped('queue', reasonMissing));
  const client = createQueueClient(access);
  const name = queueName(queueUrl);
  try {
    await client.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }));
    return section(right('queue', `${name} is there`));
  } catch (error) {
    return section(failureFinding(awsFailure(error), name));
  } finally {
    client.destroy();
  }
}
