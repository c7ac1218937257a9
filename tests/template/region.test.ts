import { describe, expect, test } from '@jest/globals';
import { regionProblem } from '../../src/domain/region.js';
import { properties, resolve, template } from '../support/template.js';

const rule = template.Rules.NotWhereExchangesRefuse;
const isRefused = (region: string): boolean =>
  rule?.Assertions.some(({ Assert }) => !resolve<boolean>(Assert, { region })) ?? false;

const unitedStates = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1'],
  ...['us-iso-east-1', 'us-iso-west-1', 'us-isob-east-1', 'us-isob-west-1', 'us-isof-east-1', 'us-isof-south-1'],
];
const mainlandChina = ['cn-north-1', 'cn-northwest-1'];
const elsewhere = [
  ...['eu-central-1', 'eu-west-1', 'eu-north-1', 'eu-south-2', 'ap-northeast-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ap-south-1', 'ap-east-1', 'ca-central-1', 'sa-east-1', 'me-central-1', 'af-south-1', 'il-central-1'],
];

describe('the region', () => {
  test.each([...unitedStates, ...mainlandChina])('%s is refused, by the rule and by the backstop', (region) => {
    expect(isRefused(region)).toBe(true);
    expect(() => properties('CheckFunction', { region })).toThrow(
      `Unable to get mapping for Regions::${region}::Place`,
    );
  });

  test.each(elsewhere)('%s is taken', (region) => {
    expect(isRefused(region)).toBe(false);
    expect(properties<{ Description: string }>('CheckFunction', { region }).Description).toMatch(
      /^Checks the price alerts of my-stack from [A-Z]/,
    );
  });

  test('rule and backstop agree on every region that either knows', () => {
    expect(Object.keys(template.Mappings.Regions ?? {}).filter(isRefused)).toEqual([]);
    expect(Object.keys(template.Mappings.Regions ?? {}).filter((region) => /^(us|cn)-/.test(region))).toEqual([]);
  });

  test('the program refuses the same ones at its start', () => {
    const all = [...unitedStates, ...mainlandChina, ...elsewhere, ...Object.keys(template.Mappings.Regions ?? {})];
    expect(all.filter((region) => (regionProblem(region) !== undefined) !== isRefused(region))).toEqual([]);
  });

  test('the reason says who refuses, and where to go', () => {
    expect(rule?.Assertions.map(({ AssertDescription }) => AssertDescription)).toEqual([
      'Binance and Bybit refuse addresses in the United States (HTTP 451 and 403), and Bybit those in mainland China, so no alert could be checked from here. Deploy to another region, such as eu-central-1 or ap-northeast-1.',
    ]);
  });
});
