import { expect, test } from '@jest/globals';
import { tableDefinition } from '../../src/adapters/dynamodb/table.js';
import { deployed, properties } from '../support/template.js';

test('the table is the one that the laptop and the tests use', () => {
  const { PointInTimeRecoverySpecification, DeletionProtectionEnabled, ...table } = properties<{
    PointInTimeRecoverySpecification: unknown;
    DeletionProtectionEnabled: unknown;
  }>('AlertTable');
  expect({ TableName: 'any', ...table }).toEqual(tableDefinition('any'));
  expect({ PointInTimeRecoverySpecification, DeletionProtectionEnabled }).toEqual({
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
