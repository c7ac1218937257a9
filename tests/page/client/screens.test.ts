import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { axeViolations, visit } from '../../support/browser.js';
import { timeToDraw, timeToFilter } from '../../support/browser-times.js';
import { inBrowser } from '../../support/in-browser.js';
import { builtPage, type PageServer, pageBuild, startPageServer } from '../../support/page-server.js';
import { alertView, firstState } from '../../support/page-state.js';

inBrowser('the screens', (browser) => {
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer();
  });
  beforeEach(() => {
    server.set(firstState);
    server.edits.length = 0;
  });
  afterAll(() => server.stop());

  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test.each([
    ['light', { colorScheme: 'light' as const }, undefined],
    // What stands there is the same; its colours and sizes are not.
    ['dark', { colorScheme: 'dark' as const }, ['color-contrast']],
    ['on a phone', phone, ['color-contrast', 'target-size']],
  ])('axe finds nothing, the console is silent and nothing leaves the origin, %s', async (_, options, rules) => {
    const { page, faults } = await visit(browser(), server.url, options);
    const screens: [hash: string, sign: string][] = [
      ['#/', '.alerts tbody tr'],
      ['#/alert/btc', '.chart[data-ready=true] .handle'],
      ['#/new', 'form'],
      ['#/markets', 'td.number'],
      ['#/market/binance/spot/BTCUSDT', '.chart[data-ready=true] .handle'],
      ['#/history', '.history .state'],
      ['#/status', '.bare .state'],
      ['#/alert/gone', '.empty'],
    ];
    for (const [hash, sign] of screens) {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.locator(sign).first().waitFor();
      expect({ hash, violations: await axeViolations(page, rules) }).toEqual({ hash, violations: [] });
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect({ hash, isWider }).toEqual({ hash, isWider: false });
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('rows are filtered by words and states, sorted, and found to be wrong in the words of the sheet', async () => {
    const { page } = await visit(browser(), server.url);
    const rows = page.locator('.alerts tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(10);
    expect(await page.getByRole('region', { name: 'Rows that cannot be read' }).innerText()).toContain(
      'write 95000 or 95.000',
    );
    await page.keyboard.press('/');
    await page.keyboard.type('btc');
    await page.getByRole('button', { name: 'Paused 1' }).click();
    expect(await rows.allInnerTexts()).toEqual([expect.stringContaining('94,000')]);
    await page.getByLabel('Filter the alerts').fill('nothing like it');
    await page.getByRole('button', { name: 'Show all alerts' }).click();
    await page.getByRole('button', { name: 'Alert', exact: true }).click();
    expect(await rows.first().innerText()).toContain('ADAUSD');
    await page.context().close();
  });

  test('keys go through the rows, pause one, open it, make a new one and show themselves', async () => {
    const { page, faults } = await visit(browser(), server.url);
    await page.locator('.alerts tbody tr').first().waitFor();
    for (const key of ['j', 'j', 'k', 'j', 'p']) await page.keyboard.press(key);
    await page.getByText('Paused BTCUSDT leaves').waitFor();
    expect(server.edits).toEqual(['PATCH btc-band {"active":"FALSE"}']);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.waitForURL('**/#/alert/btc-band');
    await page.keyboard.press('n');
    await page.waitForURL('**/#/new');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('several are paused and deleted at once; what was refused is told and stays', async () => {
    const { page } = await visit(browser(), server.url);
    await page.getByLabel('Select ETHUSDT crosses up 3,450').check();
    await page.getByLabel('Select PEPEUSDT above 0.00002345').check();
    const bar = page.getByRole('region', { name: 'Selected alerts' });
    await bar.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused 2 alerts').waitFor();
    server.set((state) => ({ ...state, alerts: state.alerts.filter(({ id }) => id !== 'never') }));
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted 2 alerts').waitFor();
    expect(server.edits).toEqual([
      'PATCH eth {"active":"FALSE"}',
      'PATCH pepe {"active":"FALSE"}',
      'DELETE eth {}',
      'DELETE pepe {}',
    ]);
    await page.context().close();
  });

  test('nonsense in the form is told as the sheet tells it, before and by the server; then it is saved', async () => {
    const { page } = await visit(browser(), `${server.url}/#/alert/btc`);
    const target = page.getByRole('textbox', { name: 'Target' });
    await target.fill('95,000');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('price: expected a plain number, got "95,000"; write 95000 or 95.000').waitFor();
    expect(await target.getAttribute('aria-invalid')).toBe('true');
    expect(server.edits).toEqual([]);
    await target.fill('97000');
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('=1+1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('name: a text that begins with = would be run by Excel; begin it with a letter').waitFor();
    await name.fill('Higher');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved in row 2').waitFor();
    expect(server.edits.at(-1)).toBe('PATCH btc {"price":"97000","name":"Higher"}');
    await page.getByRole('heading', { name: 'BTCUSDT above 97,000' }).waitFor();
    await page.context().close();
  });

  test('a fired alert is armed again', async () => {
    const { page } = await visit(browser(), `${server.url}/#/alert/sol`);
    await page.getByRole('button', { name: 'Arm again' }).click();
    await page.getByText('Armed again SOLUSDT').waitFor();
    expect(server.edits).toEqual(['rearm sol']);
    await page.context().close();
  });

  test("two pages see each other's edits; a server that dies is told of, and found again", async () => {
    const { page } = await visit(browser(), server.url);
    await page.getByText('Live', { exact: true }).waitFor();
    server.set((state) => ({ ...state, alerts: [alertView('new', 'BNBUSDT above 700'), ...state.alerts] }));
    await page.getByText('BNBUSDT').waitFor();
    await server.stop();
    await page.getByRole('alert').getByText("The page's server does not answer").waitFor();
    server.set((state) => ({ ...state, alerts: state.alerts.filter(({ id }) => id !== 'new') }));
    await server.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('BNBUSDT').waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('a sheet that cannot be edited says what to do, and offers nothing that would fail', async () => {
    const readOnly = 'share the sheet with checker@example.com as an editor';
    server.set((state) => ({ ...state, sheet: { ...state.sheet, readOnly } }));
    const { page } = await visit(browser(), `${server.url}/#/alert/btc`);
    await page.getByText(`Nothing can be edited here: ${readOnly}`).waitFor();
    await page.locator('.handle').first().waitFor();
    expect(await page.getByRole('slider').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    await page.context().close();
  });

  test.each([1_000, 10_000])('of %d alerts 200 are drawn and all are filtered at once', async (count) => {
    const alerts = Array.from({ length: count }, (_, index) =>
      alertView(`a${index}`, `BTCUSDT above ${96_000 + index}`, { name: `Level ${index}` }),
    );
    server.set((state) => ({ ...state, alerts }));
    const { page } = await visit(browser(), server.url);
    const rows = page.locator('.alerts tbody tr');
    const drawnMs = await timeToDraw(page, '.alerts tbody tr');
    await page.getByText(`The first 200 of ${count}`).waitFor();
    expect(await rows.count()).toBe(200);
    const filteredMs = await timeToFilter(page, '96,987');
    expect(await rows.allInnerTexts()).toEqual([expect.stringContaining('Level 987')]);
    // Nothing is asserted of a time: a busy machine would fail.
    const times = [drawnMs, filteredMs].map(Math.round);
    process.stderr.write(
      `${count} alerts: drawn ${times[0]} ms after the page was asked for, filtered in ${times[1]} ms\n`,
    );
    await page.context().close();
  });
});

test('NOTICE names every package of the page, and has the notice that the chart shows', async () => {
  const { metafile } = await build({ ...pageBuild, metafile: true });
  const used = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  const notice = readFileSync('NOTICE', 'utf8');
  const named = notice
    .split('\n')
    .filter((line, index, lines) => /Licen[cs]e/.test(lines[index + 1] ?? '') && line !== '');
  expect(named.sort()).toEqual([...new Set(used)].sort());
  const shown = readFileSync('src/page/client/chart/chart-panel.tsx', 'utf8');
  const [, text = '', link = ''] = /(TradingView Lightweight[\s\S]*?Inc\.) (\S+)/.exec(notice) ?? [];
  expect(shown).toContain(text.replace(/\s+/g, ' '));
  expect(shown).toContain(`href="${link}"`);
});

test('the first load is at most 80 KB, and the chart is no part of it', async () => {
  const files = await builtPage();
  const size = (path: string) => gzipSync(files.get(path) ?? '').length;
  const text = (path: string) => Buffer.from(files.get(path) ?? '').toString();
  const loaded = new Set<string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const [, name] of text(path).matchAll(/(?:from|import)\s*"\.(\/[^"]+)"/g)) load(name ?? '');
  };
  load('/main.js');
  expect([...loaded].map(text).join('')).not.toContain('coordinateToPrice(');
  expect([...loaded, '/main.css'].map(size).reduce((a, b) => a + b)).toBeLessThanOrEqual(80 * 1_024);
});
