import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface StoreClientOptions {
  /** Without it the SDK's own `AWS_ENDPOINT_URL_DYNAMODB` counts, and without that the region's address. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts?: number;
  /** For one attempt. */
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

/** The SDK's own reading throws on a number of many digits, and one such item would hide the whole list. */
export const unmarshallOptions = { wrapNumbers: Number };

/**
 * Throttling, 5xx and lost connections are asked again with growing, random pauses; all calls together share the
 * SDK's budget of repeats. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function createStoreClient(options: StoreClientOptions = {}): DynamoDBDocumentClient {
  const { maxAttempts = 6, connectionTimeoutMs = 1_000, requestTimeoutMs = 3_000, ...where } = options;
  const client = new DynamoDBClient({
    ...where,
    retryMode: 'standard',
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      // Counts until the headers, and would only warn; a body that stalls afterwards is the socket timeout's matter.
      // https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs,
    },
  });
  // It would copy every answer, and the list of alerts is the largest, for a log that nobody keeps.
  client.middlewareStack.remove('loggerMiddleware');
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions,
  });
  // By itself it leaves the connections of the client beneath open.
  return Object.assign(documents, { destroy: () => client.destroy() });
}
