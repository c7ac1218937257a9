import { expect, test } from '@jest/globals';
import { createStoreClient } from '../../../src/adapters/dynamodb/client.js';
import { anyAccess } from '../../support/dynamodb.js';

test('no answer is copied for a log', () => {
  const client = createStoreClient(anyAccess);
  expect(client.middlewareStack.identify().filter((name) => /logger/i.test(name))).toEqual([]);
  client.destroy();
});
