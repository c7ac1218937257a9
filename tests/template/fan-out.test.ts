import { describe, expect, test } from '@jest/globals';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import { deployed, properties, template } from '../support/template.js';

const fansOut = { parameters: { FanOut: 'true' } };

interface DeliverFunction {
  readonly Timeout: number;
  readonly Role: string;
  readonly LoggingConfig: unknown;
  readonly ReservedConcurrentExecutions?: number;
  readonly Events: { readonly Rung: unknown };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

interface Queue {
  readonly VisibilityTimeout: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

const own = [
  'DeliverFunction',
  'DeliverRole',
  'Doorbells',
  'UnheardDoorbells',
  'DoorbellsLateAlarm',
  'UnheardDoorbellsAlarm',
  'DeliverErrorsAlarm',
];

describe('without the fan-out', () => {
  test('is the default, and nothing of it is there: no resource, no permission, no variable, no line of the dashboard', () => {
    const whole = JSON.stringify(deployed());
    expect(own.filter((id) => whole.includes(id))).toEqual([]);
    expect(whole).not.toMatch(/deliver\.handler|SQS_QUEUE_URL|AWS_ENDPOINT_URL_SQS|AlertsRung|Fan-out:/);
    expect(JSON.stringify(deployed({ parameters: { FanOut: 'false' } }))).toBe(whole);
  });
});

describe('with the fan-out', () => {
  const { Timeout, Role, Events, Environment, ...deliver } = properties<DeliverFunction>('DeliverFunction', fansOut);
  const queue = properties<Queue>('Doorbells', fansOut);

  test('all else is there as before but the alarm that it is time for it', () => {
    const [before, after] = [Object.keys(deployed()), Object.keys(deployed(fansOut))];
    expect(after.filter((id) => !before.includes(id)).sort()).toEqual(own.toSorted());
    expect(before.filter((id) => !after.includes(id))).toEqual(['FanOutDueAlarm']);
  });

  test('the check rings the queue, and the deliveries hear and ring the same one', () => {
    const check = properties<DeliverFunction>('CheckFunction', fansOut);
    expect(check.Environment.Variables.SQS_QUEUE_URL).toBe('Doorbells');
    expect(Environment.Variables.SQS_QUEUE_URL).toBe('Doorbells');
    expect(Events.Rung).toEqual({
      Type: 'SQS',
      Properties: {
        Queue: 'Doorbells.Arn',
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    });
  });

  test('the deliveries have a role of their own, log beside the checks, and nothing throttles their pollers', () => {
    expect(Role).toBe('DeliverRole.Arn');
    expect(deliver.LoggingConfig).toEqual(properties<DeliverFunction>('CheckFunction').LoggingConfig);
    expect(deliver.ReservedConcurrentExecutions).toBeUndefined();
  });

  test('a message comes back only when the lease of whoever died with it is over', () => {
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(queue.VisibilityTimeout * 1_000).toBeGreaterThan(leaseMs);
    expect(Timeout * 1_000).toBeLessThan(leaseMs);
  });

  test('what came back five times is set aside, for two weeks', () => {
    expect(queue.RedrivePolicy).toEqual({ deadLetterTargetArn: 'UnheardDoorbells.Arn', maxReceiveCount: 5 });
    expect(properties('UnheardDoorbells', fansOut)).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
    expect(template.Outputs.UnheardDoorbellsUrl).toMatchObject({ Condition: 'FansOut' });
  });
});
