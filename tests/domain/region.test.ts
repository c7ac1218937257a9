import { describe, expect, test } from '@jest/globals';
import { problemText } from '../../src/domain/problem.js';
import { regionProblem as findProblem } from '../../src/domain/region.js';

function regionProblem(region: string | undefined): string | undefined {
  const problem = findProblem(region);
  return problem && problemText(problem);
}

const elsewhere = 'and exchanges refuse addresses from there; use a region such as eu-central-1 or ap-northeast-1';

describe('a region', () => {
  test.each([
    'eu-central-1',
    'eu-west-3',
    'ap-northeast-1',
    'ap-southeast-7',
    'ca-central-1',
    'sa-east-1',
    'me-central-1',
    'il-central-1',
  ])('%s is fine', (region) => expect(regionProblem(region)).toBeUndefined());

  test.each(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1'])(
    '%s is in the United States',
    (region) => expect(regionProblem(region)).toBe(`${region} is in the United States, ${elsewhere}`),
  );

  test.each(['cn-north-1', 'cn-northwest-1'])('%s is in mainland China', (region) =>
    expect(regionProblem(region)).toBe(`${region} is in mainland China, ${elsewhere}`),
  );

  test.each([undefined, '', ' '])('%j is none', (region) =>
    expect(regionProblem(region)).toBe('is not set; expected an AWS region such as eu-central-1'),
  );

  test.each([
    ['Frankfurt', '"Frankfurt"'],
    ['eu-central', '"eu-central"'],
    ['EU-CENTRAL-1', '"EU-CENTRAL-1"'],
    ['eu-central-1a', '"eu-central-1a"'],
    ['a-secret-in-the-wrong-variable', '30 characters'],
  ])('%j is badly formed', (region, shown) =>
    expect(regionProblem(region)).toBe(`expected an AWS region such as eu-central-1, got ${shown}`),
  );
});
