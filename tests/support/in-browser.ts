import { afterAll, beforeAll, describe } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { browserPath, browserPlaces, startBrowser } from './browser.js';

/** Skipped where there is no browser, and not silently. */
export function inBrowser(name: string, tests: (browser: () => Browser) => void): void {
  if (browserPath === undefined) {
    process.stderr.write(`no browser at ${browserPlaces.join(', ')} or CHROMIUM_PATH: skipped "${name}"\n`);
    describe.skip(name, () => tests(() => failed('no browser')));
    return;
  }
  describe(name, () => {
    let started: Browser | undefined;
    beforeAll(async () => {
      started = await startBrowser();
    });
    afterAll(() => started?.close());
    tests(() => started ?? failed('the browser has not been started'));
  });
}

function failed(message: string): never {
  throw new Error(message);
}
