import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeViolations, visit } from '../../support/browser.js';
import { inBrowser } from '../../support/in-browser.js';
import { type PageServer, startPageServer } from '../../support/page-server.js';
import { firstState } from '../../support/page-state.js';

inBrowser('history, why, funding, status and tests', (browser) => {
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer();
  });
  beforeEach(() => {
    server.set(firstState);
    server.edits.length = 0;
  });
  afterAll(() => server.stop());

  /** In light and dark. */
  async function expectAccessible(page: Page) {
    expect(await axeViolations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeViolations(page, ['color-contrast'])).toEqual([]);
  }

  const open = async (hash: string) => {
    const { page, faults } = await visit(browser(), `${server.url}/${hash}`, { reducedMotion: 'reduce' });
    return { page, faults, close: () => page.context().close() };
  };

  test('the history is filtered by stretch, user, kind and words, and what is empty says what to do', async () => {
    const { page, faults, close } = await open('#/history');
    const rows = page.locator('.history tbody tr:not(.day)');
    await rows.first().waitFor();
    expect(await page.locator('.history .day').allInnerTexts()).toEqual([
      'Friday 20 November 2026',
      'Thursday 19 November 2026',
      'Wednesday 18 November 2026',
    ]);
    const fire = await rows.nth(1).innerText();
    expect(fire.replace(/\s+/g, ' ')).toBe(
      '07:05:00 UTC Fired BTCUSDT above 95,500 Out of the range · default 95,512.30 on binance, touched 07:04:00 UTC' +
        ' pushover told, acknowledged 20 Nov 07:06:30 UTC telegram refused: the bot was blocked by the user',
    );
    await page.getByRole('button', { name: 'Rows' }).click();
    expect(await rows.count()).toBe(3);
    await page.getByRole('button', { name: 'Fires' }).click();
    await page.getByLabel('User').selectOption('dmitry');
    await page.getByText('0.4126').waitFor();
    await page.getByRole('button', { name: '24 hours' }).click();
    await page.getByText('Nothing happened in the last 24 hours.').waitFor();
    await page.getByRole('button', { name: 'Show all that is kept' }).click();
    await page.getByText('ntfy given up: HTTP 503').waitFor();
    await page.getByLabel('Filter the history').fill('btc');
    await page.getByText('Nothing that happened in that time fits the filter.').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('an alert has its own history, its fires are marked on the chart, and why it is silent is found out', async () => {
    const { page, faults, close } = await open('#/alert/btc');
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText('95,512.30').waitFor();
    expect(await history.locator('tbody tr:not(.day)').count()).toBe(3);
    await page.locator('.chart[data-ready=true][data-marks="1"]').waitFor();
    await page.keyboard.press('w');
    await page.getByText('It stays silent: its condition was not met in that time.').waitFor();
    await expectAccessible(page);
    await page.route('**/api/alerts/btc/why', (route) =>
      route.fulfill({ status: 503, json: { message: 'the store did not answer' } }),
    );
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('It could not be found out: the store did not answer').waitFor();
    expect(faults.filter((fault) => !fault.includes('503'))).toEqual([]);
    await close();
  });

  test('what waits to be sent is tried again, from its own screen and from the status', async () => {
    const { page, close } = await open('#/alert/doge');
    await page.getByRole('button', { name: 'Try again now' }).click();
    await page.getByText('Sent at the next check: DOGEUSDT').waitFor();
    await page.evaluate(() => (location.hash = '#/status'));
    await page.getByRole('button', { name: 'Try all now' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.notice').length === 2);
    expect(server.edits).toEqual(['retry doge', 'retry doge']);
    await close();
  });

  test('a market shows the funding of its perpetuals', async () => {
    const { page, close } = await open('#/market/binance/spot/BTCUSDT');
    const rows = page.getByRole('table', { name: 'Funding' }).locator('tbody tr');
    await rows.first().waitFor();
    expect((await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'BTCUSDT.P binance 0.0612 % 8 h, longs pay 67 % 2 h 5 min',
      'BTCUSDT.P bybit -0.01 % 8 h, shorts pay -11 % 5 min',
    ]);
    await expectAccessible(page);
    await page.getByText('No funding of BTC-USDT-SWAP.P on okx: the exchange did not answer: HTTP 503.').waitFor();
    await close();
  });

  test('the status tells of the check, exchanges, quotas and what nobody was told, and asks the doctor', async () => {
    const { page, faults, close } = await open('#/status');
    for (const text of [
      'It took 812 ms; the next is due at about 20 Nov 12:09:40 UTC.',
      'since 19 Nov 06:05:00 UTC: HTTP 403',
      'waits until 21 Nov 14:05:00 UTC: the quota of the month is used up',
      'dmitry on telegram: 1 alert refused for good: the bot was blocked by the user',
      'more than 200 alerts are watched: set FanOut',
    ])
      await page.getByText(text).waitFor();
    await page.getByRole('button', { name: 'Ask the doctor' }).click();
    await page.getByText('1 right, 1 wrong, 1 skipped').waitFor();
    await page.getByText('row 17: write a symbol').waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
    await close();
  });

  const testButton = { name: 'Test on the last 30 days' };

  test('a row is tested before it is saved: how often it would have rung, and where', async () => {
    const { page, faults, close } = await open('#/new?symbol=BTCUSDT&price=96500');
    await page.locator('.chart[data-ready=true]').waitFor();
    const target = page.getByRole('textbox', { name: 'Target' });
    await target.fill('96,500');
    await page.getByRole('button', testButton).click();
    await page.getByText('price: expected a plain number, got "96,500"; write 96500 or 96.500').waitFor();
    await target.fill('96510');
    await page.getByRole('button', testButton).click();
    await page.getByText('On the last 30 days this would have rung 4 times.').waitFor();
    await page.getByText('a check every 5 minutes').waitFor();
    await page.locator('.chart[data-marks="4"]').waitFor();
    await expectAccessible(page);
    expect(await page.getByRole('button', { name: '4h' }).getAttribute('aria-pressed')).toBe('true');
    expect(server.edits).toEqual(['test {"symbol":"BTCUSDT","condition":"above","price":"96510","user":"default"}']);
    await target.fill('96520');
    await page.getByText('would have rung 4 times').waitFor({ state: 'detached' });
    await page.locator('.chart[data-marks="0"]').waitFor();
    await page.getByLabel('User').selectOption('dmitry');
    await page.getByRole('button', testButton).click();
    await page.getByText('user_id: nobody knows dmitry').first().waitFor();
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
    await close();
  });

  test('a test tells how far it is, and ends when it is cancelled or left', async () => {
    const { page, close } = await open('#/new');
    await page.getByRole('textbox', { name: 'Symbol' }).fill('BTCUSDT');
    await page.getByLabel('Condition').selectOption('moves');
    await page.getByRole('textbox', { name: 'Target' }).fill('5% in 1h');
    await page.getByRole('button', testButton).click();
    await page.getByText('2 of 9 answers read').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    await page.getByRole('button', testButton).click();
    await page.getByText('2 of 9 answers read').waitFor();
    await page.evaluate(() => (location.hash = '#/'));
    await page.locator('.alerts tbody tr').first().waitFor();
    while (server.edits.filter((edit) => edit === 'left').length < 2) await page.evaluate(() => fetch('/api/state'));
    await close();
  });
});
