import { mkdir } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { exchangeNames } from '../../src/domain/market.js';
import { capturedServices, coverageProblems, testCoverage } from './captured.js';
import { oneForEach, openFolder } from './lifetime.js';

/** Those whose own tests give account of each recorded answer. */
const servicesWithTests: readonly string[] = [
  ...exchangeNames,
  ...['discord', 'google_sheets', 'ntfy', 'pushover', 'slack', 'standard_webhooks', 'telegram'],
];

describe('recorded answers of services that no test reads', () => {
  for (const service of capturedServices()) if (!servicesWithTests.includes(service)) testCoverage(service, []);
});

describe('the account of recorded answers', () => {
  const folder = oneForEach(openFolder);
  const problems = (read: string[], excused: Record<string, string> = {}) =>
    coverageProblems(folder.path, 'service', read, excused);
  beforeEach(async () => {
    await mkdir(folder.pathOf('service'));
    for (const file of ['new.json', 'known.json', 'another.json']) await folder.write(`service/${file}`, '{}');
  });

  test('names each that no test reads, and no others', () => {
    const notCovered = 'is not covered: read it in a test, or say why not in tests/support/captured.ts';
    expect(problems(['known.json'])).toEqual([
      `captured/service/another.json ${notCovered}`,
      `captured/service/new.json ${notCovered}`,
    ]);
    expect(problems(['known.json', 'new.json', 'another.json'])).toEqual([]);
  });

  test('lets pass what has a reason, one by one or the whole service', () => {
    const excused = { 'service/new.json': 'no call', 'service/another.json': 'no call', 'other/gone.json': 'no call' };
    expect(problems(['known.json'], excused)).toEqual([]);
    expect(problems([], { service: 'not ours' })).toEqual([]);
  });

  test('names a reason for what is read, and names of nothing', () => {
    const excused = { 'service/new.json': 'no call', 'service/lost.json': 'no call' };
    expect(problems(['new.json', 'known.json', 'another.json', 'gone.json'], excused)).toEqual([
      'captured/service/new.json is read in a test, and said to answer no call of ours',
      'captured/service/gone.json is named, and is not there',
      'captured/service/lost.json is named, and is not there',
    ]);
  });
});
