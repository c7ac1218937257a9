import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Summary } from '../../src/flows/summary.js';
import { createCheckHandler } from '../../src/handlers/check-handler.js';

const summary = {} as Summary;
const event = fc.oneof(
  fc.anything(),
  fc.jsonValue(),
  fc.record({ dryRun: fc.oneof(fc.boolean(), fc.anything()), source: fc.string() }, { requiredKeys: ['dryRun'] }),
);

test('any event is a full run, a dry run where it says so, and nothing at all where it says so wrongly', async () => {
  await fc.assert(
    fc.asyncProperty(event, async (given) => {
      const asked: boolean[] = [];
      const check = async ({ isDryRun }: { isDryRun: boolean }) => {
        asked.push(isDryRun);
        return summary;
      };
      const hasKey = typeof given === 'object' && given !== null && 'dryRun' in given;
      const dryRun: unknown = hasKey ? given.dryRun : false;
      const handle = createCheckHandler({ check }, () => 0);
      if (typeof dryRun === 'boolean') {
        expect(await handle(given)).toBe(summary);
        expect(asked).toEqual([dryRun]);
        return;
      }
      await expect(handle(given)).rejects.toThrow('the event is not right: expected "dryRun" to be true or false');
      expect(asked).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
