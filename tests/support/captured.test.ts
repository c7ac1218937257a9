import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exchangeNames } from '../../src/domain/market.js';
import { capturedServices, listUncovered, unnamedFiles } from './captured.js';

/** Those whose adapters' tests name each recorded answer that they cover. */
const servicesWithTests: readonly string[] = [...exchangeNames, 'google_sheets', 'pushover'];

describe('recorded answers of services that no test reads', () => {
  for (const service of capturedServices()) if (!servicesWithTests.includes(service)) listUncovered(service, []);
});

test('a recorded answer that no test names is found, and where there are none nothing is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trading-alerts-'));
  try {
    for (const file of ['new.json', 'known.json', 'another.json']) writeFileSync(join(folder, file), '{}');
    expect(unnamedFiles(folder, ['known.json', 'gone.json'])).toEqual(['another.json', 'new.json']);
    expect(unnamedFiles(join(folder, 'nowhere'), [])).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
