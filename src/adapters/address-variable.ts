import * as v from 'valibot';

const expectedAddress =
  'expected an address such as https://host or http://127.0.0.1:8080, without user, query or fragment';

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}

/** Of a service, as the environment names it. */
export const Address = v.pipe(v.string(), v.trim(), v.check(isAddress, expectedAddress));

const expectedQueue =
  'expected the address of a queue, such as https://sqs.eu-central-1.amazonaws.com/123456789012/NAME';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
export const QueueUrl = v.pipe(
  v.string(),
  v.trim(),
  v.check((text) => isAddress(text) && /^(\/[\w.-]+){2,}$/.test(new URL(text).pathname), expectedQueue),
);
