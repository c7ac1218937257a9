import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { visit } from '../../support/browser.js';
import { inBrowser } from '../../support/in-browser.js';
import { type PageServer, startPageServer } from '../../support/page-server.js';
import { firstState } from '../../support/page-state.js';

inBrowser('the chart', (browser) => {
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer();
  });
  beforeEach(() => {
    server.set(firstState);
    server.edits.length = 0;
  });
  afterAll(() => server.stop());

  const open = async (options = {}) => {
    const { page, faults } = await visit(browser(), `${server.url}/#/alert/btc`, options);
    await page.locator('.chart[data-ready=true]').waitFor();
    const line = page.getByRole('slider', { name: 'BTCUSDT above 96,500: target price' });
    await line.waitFor();
    return { page, faults, line };
  };
  type Line = Awaited<ReturnType<typeof open>>['line'];

  async function middleOf(line: Line) {
    const box = await line.boundingBox();
    if (box === null) throw new Error('expected a handle that is seen');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  async function swipe(page: Page, line: Line, way: readonly number[]) {
    const { x, y } = await middleOf(line);
    const touch = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', down?: number) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: down === undefined ? [] : [{ x, y: y + down }] });
    await send('touchStart', 0);
    for (const down of way) await send('touchMove', down);
    await send('touchEnd');
  }

  async function dragBy(page: Page, line: Line, down: number) {
    const { x, y } = await middleOf(line);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + down / 2);
    await page.mouse.move(x, y + down);
    await page.mouse.up();
  }

  /** What a line says comes before the frame that draws it, and before the dialog is gone. */
  async function standsAt(page: Page, line: Line, y: number) {
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    while (Math.abs((await middleOf(line)).y - y) > 1) await page.evaluate(() => new Promise(requestAnimationFrame));
  }

  /** The new target of the only edit. */
  const savedPrice = () => Number((/^PATCH btc \{"price":"(\d+(\.\d+)?)"\}$/.exec(server.edits.join('|')) ?? [])[1]);

  test('a line is dragged with the mouse, stays under the pointer, and is saved where it was let go', async () => {
    const { page, faults, line } = await open();
    const before = await middleOf(line);
    await dragBy(page, line, 60);
    await page.getByText('Moved: BTCUSDT above').waitFor();
    expect(savedPrice()).toBeLessThan(96_500);
    expect(savedPrice()).toBeGreaterThan(95_180);
    expect(savedPrice() % 5).toBe(0);
    expect((await middleOf(page.getByRole('slider', { name: /^BTCUSDT above/ }))).x).toBe(before.x);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a line is dragged with a finger on a phone, and so is a new one', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { page, faults, line } = await open(phone);
    await line.scrollIntoViewIfNeeded();
    await swipe(page, line, [8, 20, 40]);
    await page.getByText('Moved: BTCUSDT above').waitFor();
    expect(savedPrice()).toBeLessThan(96_500);
    await page.getByRole('button', { name: 'New line', exact: true }).click();
    await swipe(page, page.getByRole('slider', { name: 'New alert on BTCUSDT: target price' }), [-10, -30]);
    await page.getByRole('heading', { name: 'New alert' }).waitFor();
    expect(Number(await page.getByRole('textbox', { name: 'Target' }).inputValue())).toBeGreaterThan(95_180);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a line is moved by keys; only Enter saves it, and Escape takes it back', async () => {
    const { page, line } = await open();
    await line.focus();
    await page.keyboard.press('ArrowUp');
    expect(await line.getAttribute('aria-valuetext')).toBe('96,550, +1.44 % from the last price');
    await page.keyboard.press('Escape');
    expect(await line.getAttribute('aria-valuenow')).toBe('96500');
    for (const key of ['ArrowDown', 'ArrowDown', 'PageUp', 'Shift+ArrowUp', 'Enter']) await page.keyboard.press(key);
    await page.getByText('Moved: BTCUSDT above 96,900.01').waitFor();
    expect(server.edits).toEqual(['PATCH btc {"price":"96900.01"}']);
    await page.context().close();
  });

  test('a line that would fire at once is asked about, and goes back when it shall not', async () => {
    const { page, line } = await open();
    const { y } = await middleOf(line);
    await dragBy(page, line, 300);
    const asked = page.getByRole('dialog', { name: /would fire at once$/ });
    await asked.getByText('The last price, 95,180.01, meets it already').waitFor();
    await asked.getByRole('button', { name: 'Take it back' }).click();
    expect(await line.getAttribute('aria-valuenow')).toBe('96500');
    expect(server.edits).toEqual([]);
    await standsAt(page, line, y);
    await dragBy(page, line, 300);
    await asked.getByRole('button', { name: 'Move it there' }).click();
    await page.getByText('Moved: BTCUSDT above').waitFor();
    expect(savedPrice()).toBeLessThan(95_180);
    await page.context().close();
  });

  test('a line that cannot be saved goes back, and the reason is told', async () => {
    const { page, line } = await open();
    await page.route('**/api/alerts/btc', (route) =>
      route.fulfill({ status: 409, json: { message: 'the file is open in LibreOffice', remedy: 'close it there' } }),
    );
    await dragBy(page, line, 40);
    await page.getByText('Not moved: the file is open in LibreOffice; close it there').waitFor();
    expect(await line.getAttribute('aria-valuenow')).toBe('96500');
    await page.context().close();
  });

  test('every alert of the market has its line; a band two, a trail one that cannot be held', async () => {
    const { page } = await open();
    const names = await page
      .getByRole('slider')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    expect(names).toEqual([
      'BTCUSDT above 96,500: target price',
      'BTCUSDT leaves 93,800..95,900: lower price',
      'BTCUSDT leaves 93,800..95,900: upper price',
      'BTCUSDT below 94,000: target price',
    ]);
    expect(await page.locator('.handle.fixed').allInnerTexts()).toEqual(['falls from high']);
    await page.getByRole('slider', { name: /upper price$/ }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByText('Moved: BTCUSDT leaves').waitFor();
    expect(server.edits).toEqual(['PATCH btc-band {"price":"93800..95950"}']);
    await page.context().close();
  });

  test('a click at the price axis opens the form of a new alert there, which is then made', async () => {
    const { page } = await open();
    const box = await page.locator('.chart').boundingBox();
    if (box === null) throw new Error('expected a chart');
    await page.mouse.click(box.x + box.width - 20, box.y + 150);
    await page.getByRole('heading', { name: 'New alert' }).waitFor();
    const target = await page.getByRole('textbox', { name: 'Target' }).inputValue();
    expect(Number(target)).toBeGreaterThan(95_180);
    await page.getByRole('button', { name: 'Make the alert' }).click();
    await page.getByText('Made in row 12').waitFor();
    expect(server.edits).toEqual([`POST ${JSON.stringify({ symbol: 'BTCUSDT', condition: 'above', price: target })}`]);
    await page.waitForURL('**/#/alert/new-10');
    await page.context().close();
  });

  test('keys alone begin a new line at the last price, move it and open the form there; Escape takes it back', async () => {
    const { page, faults } = await open();
    const begun = page.getByRole('slider', { name: 'New alert on BTCUSDT: target price' });
    const button = page.getByRole('button', { name: 'New line a' });
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await begun.getAttribute('aria-valuenow')).toBe('95180.01');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Escape');
    await begun.waitFor({ state: 'detached' });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('a');
    for (const key of ['PageDown', 'ArrowUp']) await page.keyboard.press(key);
    expect(await begun.getAttribute('aria-valuetext')).toBe('94,750, −0.45 % from the last price');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New alert' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Target' }).inputValue()).toBe('94750');
    expect(await page.getByLabel('Condition').inputValue()).toBe('below');
    expect([server.edits, faults]).toEqual([[], []]);
    await page.context().close();
  });

  test('the span can be chosen, a failure is told and tried again, and the notice of the library stands below', async () => {
    const { page } = await open();
    await page.route('**/api/candles?*span=1d', (route) =>
      route.fulfill({ status: 502, json: { message: 'binance did not answer' } }),
    );
    await page.getByRole('button', { name: '1d' }).click();
    await page.getByText('No candles: binance did not answer').waitFor();
    await page.unroute('**/api/candles?*span=1d');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No candles').waitFor({ state: 'detached' });
    const notice = page.getByRole('link', {
      name: 'TradingView Lightweight Charts™ Copyright (с) 2025 TradingView, Inc.',
    });
    expect(await notice.getAttribute('href')).toBe('https://www.tradingview.com/');
    await page.context().close();
  });

  test('the chart follows when dark comes', async () => {
    const { page } = await open({ colorScheme: 'light' });
    const corner = () =>
      page
        .locator('.chart canvas')
        .first()
        .evaluate((canvas) => {
          const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(3, 3, 1, 1) ?? { data: [] };
          return [...data].slice(0, 3);
        });
    expect(await corner()).toEqual([255, 255, 255]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.chart canvas');
      return (canvas?.getContext('2d')?.getImageData(3, 3, 1, 1).data[0] ?? 255) < 60;
    });
    await page.context().close();
  });
});
