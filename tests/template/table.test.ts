import { expect, test } from '@jest/globals';
import { tableDefinition } from '../../src/adapters/dynamodb/table.js';
import { deployed, properties } from '../support/template.js';

test('the table is the one that the laptop and the tests use', () => {
  const { TimeToLiveSpecification, PointInTimeRecoverySpecification, DeletionProtectionEnabled, ...table } =
    properties<{
      TimeToLiveSpecification: unknown;
      PointInTimeRecoverySpecification: unknown;
      DeletionProtectionEnabled: unknown;
    }>('AlertTable');
  expect({ TableName: 'any', ...table }).toEqual(tableDefinition('any'));
  expect({ TimeToLiveSpecification, PointInTimeRecoverySpecification, DeletionProtectionEnabled }).toEqual({
    TimeToLiveSpecification: { AttributeName: 'delete_at', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    DeletionProtectionEnabled: 'false',
  });
});

test('the table outlives the stack, but not a first deploy that failed', () => {
  expect(deployed().AlertTable).toMatchObject({
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test('deletion protection can be switched on', () => {
  const { DeletionProtectionEnabled } = properties<{ DeletionProtectionEnabled: unknown }>('AlertTable', {
    parameters: { DeletionProtection: 'true' },
  });
  expect(DeletionProtectionEnabled).toBe('true');
});
