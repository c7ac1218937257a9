import { SQSClient } from '@aws-sdk/client-sqs';

export interface QueueClientOptions {
  /** Without it the SDK's own `AWS_ENDPOINT_URL_SQS` counts, and without that the region's address. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A queue that does not answer is given up within ten seconds: the next check sees to what was not rung. */
export function createQueueClient(options: QueueClientOptions = {}): SQSClient {
  return new SQSClient({
    ...options,
    // The address of the queue is its name; where it is asked, the environment says, as of the other services.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
      socketTimeout: 2_000,
    },
  });
}
