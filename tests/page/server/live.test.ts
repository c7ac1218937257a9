import { expect, test } from '@jest/globals';
import type { AlertView, Edited, PageState } from '../../../src/page/protocol.js';
import { oneForEach } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';

const csv = 'symbol,condition,price,exchange,id\nBTCUSDT,above,99000,,btc\nETHUSDT,below,2000,binance,eth\n';

const page = oneForEach(() => openTestPage(csv));

const alert = (id: string, { alerts }: PageState): AlertView | undefined => alerts.find((each) => each.id === id);
const priceOf = (key: string, { prices }: PageState) => prices.find((each) => each.key === key)?.price;

test('two open pages hear of each other’s edits, and of those in the file', async () => {
  const [one, two] = [await page.look(), await page.look()];
  await page.ask('PATCH', '/api/alerts/btc', { price: '98000' });
  for (const each of [one, two]) await each.until((state) => alert('btc', state)?.target === '98000');
  const { body } = await page.ask('POST', '/api/alerts', { symbol: 'BTCUSDT', condition: 'below', price: '50000' });
  const { id } = body as Edited;
  await two.until((state) => alert(id, state)?.state === 'armed');
  await page.ask('DELETE', `/api/alerts/${id}`, {});
  await one.until((state) => alert(id, state) === undefined);
  await page.writeCsv(csv.replace('2000', '1900').concat('BTCUSDT,above,"9,9",,\n'));
  const seen = await two.until((state) => alert('eth', state)?.target === '1900');
  expect(seen.sheet.rowErrors).toEqual([{ row: 4, message: 'price: expected a plain number, got "9,9"; write 9.9' }]);
  one.leave();
  two.leave();
});

test('a users’ file that comes, is wrong and is put right is heard of as the alerts’ is', async () => {
  const onlooker = await page.look();
  await onlooker.until(({ sheet }) => sheet.rowErrors.length === 0);
  await page.writeUsers('user_id,time_zone\ndmitry,Katmandu\n');
  const { sheet } = await onlooker.until((state) => state.sheet.rowErrors.length > 0);
  const message = expect.stringMatching(/users\.csv: time_zone: expected a name of the IANA list.*"Katmandu"/);
  expect(sheet.rowErrors).toEqual([{ row: 2, message }]);
  await page.writeUsers('user_id,time_zone\ndmitry,Asia/Kathmandu\n');
  await onlooker.until((state) => state.sheet.rowErrors.length === 0);
  onlooker.leave();
});

test('prices move while a page looks: one bulk call an exchange, and none when nobody does', async () => {
  const { market, traffic } = page.simulators;
  const onlooker = await page.look();
  await onlooker.until((state) => priceOf('binance:BTCUSDT', state) === '94210.50000000');
  const asked = traffic.binance.requests.length;
  market.setPrice('binance', 'BTCUSDT', '94300.00000000');
  const seen = await onlooker.until((state) => priceOf('binance:BTCUSDT', state) === '94300.00000000');
  expect(alert('btc', seen)?.market).toEqual({ exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' });
  expect(new Set(traffic.binance.requests.slice(asked).map(({ path }) => path)).size).toBe(1);
  expect(traffic.coinbase.requests).toEqual([]);
  onlooker.leave();
  let before = -1;
  while (before !== traffic.binance.requests.length) {
    before = traffic.binance.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
});

test('a market that nobody lists says so, and an exchange that fails is told', async () => {
  await page.ask('POST', '/api/alerts', { symbol: 'NOSUCHUSDT', condition: 'above', price: '1' });
  const { prices } = await page.state();
  expect(prices.find(({ symbol }) => symbol === 'NOSUCHUSDT')).toMatchObject({
    problem: expect.stringMatching(/list/),
  });
});

test('a check is told of: what fired, when, and the lines of what is left', async () => {
  await page.writeCsv(
    [
      'symbol,condition,price,id,repeat',
      'BTCUSDT,above,94000,fires,',
      'BTCUSDT,above,94000.5,repeats,1h',
      'BTCUSDT,enters,80000..90000,band,',
      'BTCUSDT,falls from high,10%,trail,',
      'BTCUSDT,rises,5% in 1h,move,',
      'BTCUSDT.P,funding above,0.05%,rate,',
    ].join('\n'),
  );
  const onlooker = await page.look();
  await page.check();
  await page.check();
  const state = await onlooker.until(({ lastCheck }) => (lastCheck?.line ?? '') !== '');
  const latest = await page.state();
  const shown = latest.alerts.map(({ id, state, lines, times }) => ({ id, state, lines, times }));
  expect(shown.sort((a, b) => a.id.localeCompare(b.id))).toEqual([
    { id: 'band', state: 'armed', lines: ['80000', '90000'], times: 0 },
    { id: 'fires', state: 'fired', lines: ['94000'], times: 1 },
    { id: 'move', state: 'armed', lines: [], times: 0 },
    { id: 'rate', state: 'armed', lines: [], times: 0 },
    { id: 'repeats', state: 'waits', lines: ['94000.5'], times: 1 },
    { id: 'trail', state: 'armed', lines: [expect.stringMatching(/^84789\.45$/)], times: 0 },
  ]);
  expect(state.lastCheck?.line).toMatch(/armed, \d markets? checked/);
  expect(alert('fires', latest)).toMatchObject({
    firedAt: expect.any(Number),
    stateText: expect.stringMatching(/^fired /),
  });
  onlooker.leave();
});

test('a store that does not answer is told as such, and the page goes on', async () => {
  const { middlewareStack } = page.table.client;
  const refused = Object.assign(new Error('signed out'), { name: 'AccessDeniedException' });
  middlewareStack.add(() => () => Promise.reject(refused), { step: 'initialize', name: 'down' });
  expect(await page.ask('GET', '/api/state')).toMatchObject({
    status: 503,
    body: { message: expect.stringMatching(/^DynamoDB/) },
  });
  expect((await page.ask('PATCH', '/api/alerts/btc', { price: '97000' })).body).toMatchObject({
    message: 'row 2 is in the sheet, but not stored: the store did not answer',
  });
  middlewareStack.remove('down');
  expect((await page.ask('POST', '/api/sync', {})).status).toBe(200);
  expect(alert('btc', await page.state())?.target).toBe('97000');
});
