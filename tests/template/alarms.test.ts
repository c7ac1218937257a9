import { describe, expect, test } from '@jest/globals';
import { metricNames, metricNamespace } from '../../src/adapters/metrics.js';
import { channelNames, notifierOf } from '../../src/adapters/notifiers/registry.js';
import { untoldMessage } from '../../src/flows/untold.js';
import { properties, resolve, resourcesOfType, template } from '../support/template.js';

interface Alarm {
  readonly AlarmDescription: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { Name: string; Value: string }[];
  readonly Statistic?: string;
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly string[];
  readonly OKActions?: readonly string[];
  readonly Metrics?: readonly {
    Id: string;
    Expression?: string;
    ReturnData: boolean;
    MetricStat?: { Metric: Metric; Stat: string; Period: number };
  }[];
}

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { Name: string; Value: string }[];
}

const alarmsOf = (parameters: Readonly<Record<string, string>> = {}) =>
  resourcesOfType('AWS::CloudWatch::Alarm', { parameters }).map(
    ([id, { Properties }]) => [id, Properties as unknown as Alarm] as const,
  );
const alone = alarmsOf();
const ofFanOut = alarmsOf({ FanOut: 'true' }).filter(([id]) => !alone.some(([known]) => known === id));
const alarms = [...alone, ...ofFanOut];
const metricsOf = ({ Namespace = '', MetricName = '', Dimensions = [], Metrics }: Alarm): Metric[] =>
  Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [{ Namespace, MetricName, Dimensions }];

const ofFunction = (...ids: string[]) => ids.map((Value) => [{ Name: 'FunctionName', Value }]);
const ofQueue = (...ids: string[]) => ids.map((id) => [{ Name: 'QueueName', Value: `${id}.QueueName` }]);

/** What AWS itself reports, and of what. */
const reported: Readonly<Record<string, readonly (readonly { Name: string; Value: string }[])[]>> = {
  'AWS/Lambda Errors': ofFunction('CheckFunction', 'DeliverFunction'),
  'AWS/Lambda Throttles': ofFunction('CheckFunction'),
  'AWS/Lambda Duration': ofFunction('CheckFunction'),
  'AWS/SQS ApproximateNumberOfMessagesVisible': ofQueue('DeadLetters', 'UnheardDoorbells'),
  'AWS/SQS ApproximateAgeOfOldestMessage': ofQueue('Doorbells'),
};

test('what is watched, and how', () => {
  const watched = [...alone, ...ofFanOut].map(([id, alarm]) => [
    id,
    ...metricsOf(alarm).map(({ MetricName }) => MetricName),
    `${alarm.Statistic ?? 'due'} ${alarm.ComparisonOperator} ${alarm.Threshold}, missing is ${alarm.TreatMissingData}`,
  ]);
  const once = 'Sum GreaterThanOrEqualToThreshold 1, missing is notBreaching';
  expect(watched).toEqual([
    ['HeartbeatAlarm', 'RunCompleted', 'Sum LessThanThreshold 1, missing is breaching'],
    ['ErrorsAlarm', 'Errors', once],
    ['ThrottlesAlarm', 'Throttles', once],
    ['DurationAlarm', 'Duration', 'Maximum GreaterThanThreshold 96000, missing is notBreaching'],
    [
      'DeadLettersAlarm',
      'ApproximateNumberOfMessagesVisible',
      'Maximum GreaterThanOrEqualToThreshold 1, missing is notBreaching',
    ],
    ['SheetRefusedAlarm', 'SheetRefused', once],
    ['SheetUnavailableAlarm', 'SheetUnavailable', once],
    ['PushRejectedAlarm', 'ChannelsRefused', once],
    ['UndeliveredAlarm', 'OldestUndelivered', 'Maximum GreaterThanThreshold 900, missing is ignore'],
    ['FanOutDueAlarm', 'ArmedAlerts', 'RunDuration', 'due GreaterThanOrEqualToThreshold 1, missing is notBreaching'],
    [
      'DoorbellsLateAlarm',
      'ApproximateAgeOfOldestMessage',
      'Maximum GreaterThanThreshold 1200, missing is notBreaching',
    ],
    [
      'UnheardDoorbellsAlarm',
      'ApproximateNumberOfMessagesVisible',
      'Maximum GreaterThanOrEqualToThreshold 1, missing is notBreaching',
    ],
    ['DeliverErrorsAlarm', 'Errors', once],
  ]);
});

test('a stack that fans out is not told that it is time to', () => {
  const ids = alarmsOf({ FanOut: 'true' }).map(([id]) => id);
  expect(alone.map(([id]) => id).filter((id) => !ids.includes(id))).toEqual(['FanOutDueAlarm']);
});

describe.each(alarms)('%s', (_, alarm) => {
  test('watches metrics that the code emits or AWS reports', () => {
    for (const { Namespace, MetricName, Dimensions } of metricsOf(alarm)) {
      if (Namespace === metricNamespace) {
        expect(metricNames).toContain(MetricName);
        expect(Dimensions).toEqual([{ Name: 'service', Value: 'my-stack' }]);
      } else expect(reported[`${Namespace} ${MetricName}`]).toContainEqual(Dimensions);
    }
  });

  test('says what is wrong and what to do, and tells the topic', () => {
    expect(alarm.AlarmDescription).toMatch(/^.{40,900}\.$/);
    expect(alarm.AlarmActions).toEqual(['AlarmTopic']);
    expect(alarm.OKActions ?? ['AlarmTopic']).toEqual(['AlarmTopic']);
  });

  test('has periods that CloudWatch takes', () => {
    const periods = [alarm.Period, ...(alarm.Metrics ?? []).map(({ MetricStat }) => MetricStat?.Period)];
    for (const period of periods.filter((each) => each !== undefined)) {
      expect(period % 60).toBe(0);
      expect(period * alarm.EvaluationPeriods).toBeLessThanOrEqual(86_400);
    }
  });
});

describe('a refused notification', () => {
  const output = resolve<string>(template.Outputs.NotToldCommand?.Value);

  test('is told with the way to its channel and user, since the alarm itself can name neither', () => {
    const { AlarmDescription } = properties<Alarm>('PushRejectedAlarm');
    expect(AlarmDescription).toContain('NotToldCommand');
    expect(AlarmDescription).toContain('table "Not told"');
    expect(output).toContain(`--filter-pattern '{ $.message = "${untoldMessage}" }'`);
    expect(properties<{ DashboardBody: string }>('Dashboard').DashboardBody).toContain(`message = '${untoldMessage}'`);
  });

  test('is of any channel: no alarm blames one by its name', () => {
    const labels = channelNames.map((name) => notifierOf(name).label.toLowerCase());
    const blamed = alarms.filter(([, { AlarmDescription }]) =>
      labels.some((label) => AlarmDescription.toLowerCase().split(/\W+/).includes(label)),
    );
    expect(blamed.map(([id]) => id)).toEqual([]);
  });
});

describe('mail', () => {
  const mails = (AlarmEmail: string) => resourcesOfType('AWS::SNS::Subscription', { parameters: { AlarmEmail } });

  test('goes to the address that is given', () => {
    expect(mails('me@example.org').map(([, { Properties }]) => Properties)).toEqual([
      { TopicArn: 'AlarmTopic', Protocol: 'email', Endpoint: 'me@example.org' },
    ]);
  });

  test('goes nowhere without an address', () => {
    expect(mails('')).toEqual([]);
  });
});

test('the alarm on durations rings before the timeout, and where a run that stops for lack of time ends', () => {
  const { Timeout } = properties<{ Timeout: number }>('CheckFunction');
  const { Threshold } = properties<Alarm>('DurationAlarm');
  // src/app.ts starts nothing in the last 15 seconds.
  expect(Threshold).toBeLessThan((Timeout - 15) * 1_000);
  expect(Threshold).toBeGreaterThan(30_000);
});

describe('the fan-out', () => {
  /** The part of CloudWatch's metric math that the alarm uses. */
  const isDue = (armed: number, took: number, FanOutThreshold = '200'): boolean => {
    const { Metrics = [] } = properties<Alarm>('FanOutDueAlarm', { parameters: { FanOutThreshold } });
    const [due, ...inputs] = Metrics;
    expect(inputs.map(({ Id, ReturnData }) => [Id, ReturnData])).toEqual([
      ['armed', false],
      ['took', false],
    ]);
    const [, condition = '', yes, no] = /^IF\((.+), (\d+), (\d+)\)$/.exec(due?.Expression ?? '') ?? [];
    const met = condition.split(' || ').some((part) => {
      const [, name, limit] = /^(armed|took) > (\d+)$/.exec(part) ?? [];
      return (name === 'armed' ? armed : took) > Number(limit);
    });
    return Number(met ? yes : no) >= properties<Alarm>('FanOutDueAlarm').Threshold;
  };

  test.each([
    [200, 30_000, false],
    [201, 1_000, true],
    [10, 30_001, true],
    [10, 1_000, false],
  ])('with %d armed alerts and %d ms a run it is due: %s', (armed, took, expected) => {
    expect(isDue(armed, took)).toBe(expected);
  });

  test('follows the threshold of the program', () => {
    expect(isDue(150, 1_000, '100')).toBe(true);
    expect(properties('CheckFunction', { parameters: { FanOutThreshold: '100' } })).toMatchObject({
      Environment: { Variables: { FAN_OUT_THRESHOLD: '100' } },
    });
  });
});

describe('the heartbeat', () => {
  const minutesOf = (schedule: string): number => {
    const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(schedule) ?? [];
    return Number(count) * (unit === 'hour' ? 60 : 1);
  };

  /**
   * CloudWatch looks at more points than `EvaluationPeriods`, by how many it does not say (its own example: two). The
   * newest real ones count; only what they lack is filled in.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  function stateOf(alarm: Alarm, newestFirst: readonly (number | undefined)[]): 'ALARM' | 'OK' {
    const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Threshold } = alarm;
    expect([alarm.ComparisonOperator, alarm.TreatMissingData]).toEqual(['LessThanThreshold', 'breaching']);
    const real = newestFirst.filter((point) => point !== undefined).slice(0, EvaluationPeriods);
    const breaching = EvaluationPeriods - real.length + real.filter((point) => point < Threshold).length;
    return breaching >= DatapointsToAlarm ? 'ALARM' : 'OK';
  }

  /** The minutes in which the alarm's state is ALARM, of runs that complete at those minutes. */
  function alarmedMinutes(
    alarm: Alarm,
    completedAt: readonly number[],
    minutes: { from: number; to: number; beyond: number },
  ) {
    const periodMinutes = (alarm.Period ?? 0) / 60;
    const sums = new Map<number, number>();
    for (const at of completedAt) {
      const bucket = Math.floor(at / periodMinutes);
      sums.set(bucket, (sums.get(bucket) ?? 0) + 1);
    }
    const range = alarm.EvaluationPeriods + minutes.beyond;
    return Array.from({ length: minutes.to - minutes.from + 1 }, (_, index) => minutes.from + index).filter((now) => {
      const newest = Math.floor(now / periodMinutes) - 1;
      const points = Array.from({ length: range }, (_, back) => sums.get(newest - back));
      return stateOf(alarm, points) === 'ALARM';
    });
  }

  const cases = (template.Parameters.Schedule?.AllowedValues ?? []).flatMap((schedule) =>
    [0, 2, 3].map((beyond) => ({ schedule: String(schedule), beyond })),
  );

  describe.each(cases)('$schedule, CloudWatch looking $beyond periods further', ({ schedule, beyond }) => {
    const alarm = properties<Alarm>('HeartbeatAlarm', { parameters: { Schedule: schedule } });
    const interval = minutesOf(schedule);
    /** Up to 40 seconds late: the scheduler's precision, and what one run takes more than another. */
    const late = [0, 0.6, 0.1, 0.65, 0.3];
    const runs = Array.from({ length: 12 }, (_, index) => index * interval + (late[index % late.length] ?? 0));
    const last = Math.max(...runs);

    test('says nothing while the schedule runs, nor when one run is lost', () => {
      const minutes = { from: alarm.EvaluationPeriods, to: Math.floor(last), beyond };
      expect(alarmedMinutes(alarm, runs, minutes)).toEqual([]);
      expect(alarmedMinutes(alarm, runs.toSpliced(6, 1), minutes)).toEqual([]);
    });

    test('says "alarm" within four intervals of the schedule being stopped, and goes on saying so', () => {
      const [first = Number.POSITIVE_INFINITY, ...after] = alarmedMinutes(alarm, runs, {
        from: Math.floor(last),
        to: Math.floor(last) + 8 * interval,
        beyond,
      });
      expect(first - Math.floor(last)).toBeLessThanOrEqual(4 * interval);
      expect(after).toHaveLength(Math.floor(last) + 8 * interval - first);
    });
  });

  test('mails when the checks go on, too', () => {
    expect(resolve(template.Resources.HeartbeatAlarm)).toMatchObject({ Properties: { OKActions: ['AlarmTopic'] } });
  });
});
