import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { readStaticFiles } from '../../../src/page/server/static-files.js';
import { type Visit, visit } from '../../support/browser.js';
import { above, triggeredAlert } from '../../support/builders.js';
import { itemOf } from '../../support/dynamodb.js';
import { inBrowser } from '../../support/in-browser.js';
import { openTestPage, type TestPage } from '../../support/page.js';
import { tradesBefore } from '../../support/trades.js';

/** With a mark, semicolons, odd quoting, Windows lines, a column of the trader's own and no line break at the end. */
const csv = [
  '\uFEFFSymbol;condition;price;my own;active;id;notes',
  'BTCUSDT;above;"96000";"a;b";TRUE;btc;"said ""now"""',
  'ETHUSDT ; below; 2900 ;x;;;',
  '',
  'BTCUSDT;below;93000;;;low;',
  'ETHUSDT;above;"9,000";;;;wrong',
].join('\r\n');
const lines = csv.split('\r\n');
const withLine = (index: number, line: string) => lines.with(index, line).join('\r\n');
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const btcName = /^BTCUSDT above/;

inBrowser('the page over its real server', (browser) => {
  let server: TestPage;
  let visits: Visit[] = [];
  beforeAll(async () => {
    server = await openTestPage(csv, { files: await readStaticFiles('dist/page') });
    server.simulators.market.move('binance', 'BTCUSDT', tradesBefore(Date.now(), 94_210.5));
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    visits = [];
    await server.writeCsv(csv);
    await server.ask('POST', '/api/sync', {});
  });

  const open = async (hash = '', options: BrowserContextOptions = {}): Promise<Page> => {
    const made = await visit(browser(), `${server.url}/${hash}`, options);
    made.page.setDefaultTimeout(8_000);
    visits.push(made);
    await made.page.getByText('Live', { exact: true }).waitFor();
    return made.page;
  };
  /** Every page that was open was silent, and asked nobody but its server. */
  const leave = async () => {
    await Promise.all(visits.map(({ page }) => page.context().close()));
    expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
  };
  const stored = (id: string) => server.table.store.get(id);
  const lineOf = async (page: Page, name = btcName): Promise<Locator> => {
    await page.locator('.chart[data-ready=true]').waitFor();
    const line = page.getByRole('slider', { name });
    await line.waitFor();
    return line;
  };
  const boxOf = async (what: Locator) => {
    const box = await what.boundingBox();
    if (box === null) throw new Error('expected something that is seen');
    return box;
  };
  const middleOf = async (what: Locator) => {
    const { x, y, width, height } = await boxOf(what);
    return { x: x + width / 2, y: y + height / 2 };
  };
  const tabTo = async (page: Page, what: Locator) => {
    const isThere = () => what.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 40 && !(await isThere()); presses += 1) await page.keyboard.press('Tab');
    expect(await isThere()).toBe(true);
  };
  const moved = (page: Page) => page.getByText('Moved: BTCUSDT above').waitFor();
  /** The file has a new price in the first row and nothing else new, and so has the store. */
  const expectMoved = async (isPlausible: (price: number) => boolean) => {
    const [, price = ''] = /;above;(?:")?([\d.]+)(?:")?;"a;b"/.exec(await server.csv()) ?? [];
    expect(await server.csv()).toBe(csv.replace('96000', price));
    expect(isPlausible(Number(price))).toBe(true);
    expect(await stored('btc')).toMatchObject({ status: 'pending', condition: { target: { text: price } } });
  };

  test('a click at the price axis makes an alert: one line more in the file, one alert more in the store', async () => {
    const page = await open('#/alert/btc');
    await lineOf(page);
    const box = await boxOf(page.locator('.chart'));
    await page.mouse.click(box.x + box.width - 20, box.y + 60);
    await page.getByRole('heading', { name: 'New alert' }).waitFor();
    const target = await page.getByRole('textbox', { name: 'Target' }).inputValue();
    await page.getByRole('button', { name: 'Make the alert' }).click();
    await page.getByText('Made in row 7').waitFor();
    const id = decodeURIComponent(page.url().split('/').at(-1) ?? '');
    expect(await server.csv()).toBe(`${csv}\r\nBTCUSDT;above;${target};;TRUE;${id};`);
    expect(await stored(id)).toMatchObject({ status: 'pending', condition: { target: { text: target } } });
    await leave();
  });

  test('a line is dragged with the mouse', async () => {
    const page = await open('#/alert/btc');
    const { x, y } = await middleOf(await lineOf(page));
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y + 20);
    await page.mouse.up();
    await moved(page);
    await expectMoved((price) => price < 96_000 && price > 94_300);
    await leave();
  });

  test('a line is dragged with a finger on a phone', async () => {
    const page = await open('#/alert/btc', phone);
    const line = await lineOf(page);
    await line.scrollIntoViewIfNeeded();
    const { x, y } = await middleOf(line);
    const touch = await page.context().newCDPSession(page);
    for (const [type, down] of [
      ['touchStart', 0],
      ['touchMove', 8],
      ['touchMove', 20],
      ['touchEnd', 20],
    ] as const) {
      const touchPoints = type === 'touchEnd' ? [] : [{ x, y: y + down }];
      await touch.send('Input.dispatchTouchEvent', { type, touchPoints });
    }
    await moved(page);
    await expectMoved((price) => price < 96_000 && price > 94_300);
    await leave();
  });

  test('an alert is paused, resumed, armed again and deleted; each is in the file and in the store', async () => {
    const fired = triggeredAlert({ id: 'low', symbol: 'BTCUSDT', condition: above('93000'), exchange: undefined });
    const page = await open('#/alert/btc');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused BTCUSDT above').waitFor();
    expect(await server.csv()).toBe(csv.replace('TRUE', 'FALSE'));
    expect(await stored('btc')).toMatchObject({ active: false });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Resumed BTCUSDT above').waitFor();
    expect(await server.csv()).toBe(csv);
    expect(await stored('btc')).toMatchObject({ active: true });
    const pending = await stored('low');
    await server.table.put(itemOf({ ...fired, ...(pending && { condition: pending.condition, user: pending.user }) }));
    await page.goto(`${server.url}/#/alert/low`);
    await page.getByRole('button', { name: 'Arm again' }).click();
    await page.getByText('Armed again BTCUSDT below').waitFor();
    expect([await server.csv(), await stored('low')]).toEqual([csv, expect.objectContaining({ status: 'pending' })]);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted BTCUSDT below').waitFor();
    expect(await server.csv()).toBe(lines.toSpliced(4, 1).join('\r\n'));
    expect(await stored('low')).toMatchObject({ status: 'expired' });
    await leave();
  });

  test('two tabs see each other’s edits, and those in the file and of a check', async () => {
    const [one, two] = [await open('#/alert/btc'), await open()];
    const row = two.getByRole('row').filter({ hasText: '96,000' });
    await one.getByRole('button', { name: 'Pause' }).click();
    await row.getByText('Paused').waitFor();
    await row.getByRole('checkbox').check();
    await two.getByRole('region', { name: 'Selected alerts' }).getByRole('button', { name: 'Resume' }).click();
    await one.getByRole('button', { name: 'Pause' }).waitFor();
    await server.writeCsv(withLine(1, lines[1]?.replace('96000', '94000') ?? ''));
    await one.getByRole('heading', { name: 'BTCUSDT above 94,000' }).waitFor();
    await server.check();
    for (const each of [one, two]) await each.getByText('Fired', { exact: true }).first().waitFor();
    await leave();
  });

  test('keys alone find an alert, move its line, and make another at a price', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('btcusdt above');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/#/alert/btc');
    const line = await lineOf(page);
    await tabTo(page, line);
    for (const key of ['ArrowUp', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
    await moved(page);
    await expectMoved((price) => price === 96_100);
    for (const key of ['a', 'PageUp', 'PageUp', 'PageUp', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'New alert' }).waitFor();
    const target = page.getByRole('textbox', { name: 'Target' });
    await tabTo(page, target);
    const price = await target.inputValue();
    await page.keyboard.press('Enter');
    await page.getByText('Made in row 7').waitFor();
    expect((await server.csv()).split('\r\n').at(-1)).toMatch(`BTCUSDT;above;${price};;TRUE;`);
    await leave();
  });

  test('nonsense in the form is told in the words in which the sheet tells it', async () => {
    const page = await open('#/new');
    const told = page.getByRole('region', { name: 'Rows that cannot be read' });
    await page.getByRole('textbox', { name: 'Symbol' }).fill('ETHUSDT');
    await page.getByRole('textbox', { name: 'Target' }).fill('9,000');
    await page.getByRole('button', { name: 'Make the alert' }).click();
    const sentence = (await server.state()).sheet.rowErrors[0]?.message ?? 'none';
    await page.locator('form').getByText(sentence).waitFor();
    await page.goto(`${server.url}/#/`);
    await told.getByText(sentence).waitFor();
    expect(await server.csv()).toBe(csv);
    await leave();
  });

  test('a server that dies is told of; when it is back, the page shows what happened meanwhile', async () => {
    const page = await open();
    await server.stop();
    await page.getByRole('alert').getByText("The page's server does not answer").waitFor();
    await server.writeCsv(withLine(1, lines[1]?.replace('96000', '95500') ?? ''));
    await server.start();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('row').filter({ hasText: '95,500' }).waitFor();
    visits = visits.map((each) => ({
      ...each,
      // The browser itself tells of the requests that found nobody.
      faults: each.faults.filter((fault) => !/ERR_(CONNECTION|INCOMPLETE|EMPTY)/.test(fault)),
    }));
    await leave();
  });

  test('the picture of the README is of this page: it is written with npm run screenshot alone, and stays small', async () => {
    const alerts = [
      'symbol,condition,price,name,repeat,user_id,exchange,active,id',
      'BTCUSDT,above,95400,Out of the range,,,,,out',
      'BTCUSDT,crosses down,93300,,4h,,,,support',
      'BTCUSDT,leaves,92500..94800,Quiet week,,,,,band',
      'BTCUSDT,below,92000,,,,,FALSE,low',
      'BTCUSDT,falls from high,1.5%,,,,,,trail',
      'BTCUSDT,above,93700,Half way,,,,,half',
      'ETHUSDT,below,2900,,1d,,,,eth',
    ];
    await server.writeCsv(alerts.join('\n'));
    await server.ask('POST', '/api/sync', {});
    await server.check();
    const page = await open('#/alert/out', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } });
    await lineOf(page, /^BTCUSDT above 95,400/);
    await page.locator('.handle.fixed').waitFor();
    const picture = await page.screenshot({ animations: 'disabled' });
    expect(picture.length).toBeLessThanOrEqual(150 * 1_024);
    expect(picture.length).toBeGreaterThan(20 * 1_024);
    if (process.env.SCREENSHOT !== undefined) await writeFile(process.env.SCREENSHOT, picture);
    await leave();
  });
});
