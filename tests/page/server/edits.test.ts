import { describe, expect, test } from '@jest/globals';
import type { Edited, Refused } from '../../../src/page/protocol.js';
import { above, notifyingAlert, triggeredAlert } from '../../support/builders.js';
import { itemOf } from '../../support/dynamodb.js';
import { oneForEach } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';

/** With a mark, semicolons, odd quoting, Windows lines, a column of the trader's own and no line break at the end. */
const csv = [
  '\uFEFFSymbol;condition;price;my own;active;id;notes',
  'BTCUSDT;above;"99000";"a;b";TRUE;btc;"said ""now"""',
  'ETHUSDT ; below; 2000 ;x;;;',
  '',
  'ETHUSDT;above;"9,000";;;;wrong',
].join('\r\n');
const lines = csv.split('\r\n');

const page = oneForEach(() => openTestPage(csv));

const stored = async (id: string) => page.table.store.get(id);
const alertOf = async (symbol: string) => (await page.state()).alerts.find((alert) => alert.symbol === symbol);

describe('an edit is in the file, all other lines byte for byte, and in the store when it is answered:', () => {
  test('make', async () => {
    const { status, body } = await page.ask('POST', '/api/alerts', {
      symbol: 'ETHUSDT',
      condition: 'above',
      price: '9000',
    });
    const { id, row } = body as Edited;
    expect([status, row]).toEqual([200, 6]);
    expect(id).toMatch(/^ethusdt-above-/);
    expect(await page.csv()).toBe(`${csv}\r\nETHUSDT;above;9000;;TRUE;${id};`);
    expect(await stored(id)).toMatchObject({ status: 'pending', symbol: 'ETHUSDT' });
    expect(await page.state()).toMatchObject({
      alerts: expect.arrayContaining([expect.objectContaining({ id, row: 6, state: 'armed' })]),
    });
  });

  test('drag: a row with an id is armed afresh as the same alert', async () => {
    const before = await stored('btc');
    expect((await page.ask('PATCH', '/api/alerts/btc', { price: '98000.5' })).status).toBe(200);
    expect(await page.csv()).toBe(csv.replace('99000', '98000.5'));
    const after = await stored('btc');
    expect(after).toMatchObject({ condition: { target: { text: '98000.5' } }, createdAt: before?.createdAt });
    expect(after?.armedAt).toBeGreaterThan(before?.armedAt ?? 0);
  });

  test('drag: a row without an id gets the one of its alert', async () => {
    const id = (await alertOf('ETHUSDT'))?.id ?? '';
    expect((await page.ask('PATCH', `/api/alerts/${id}`, { price: '2100' })).body).toMatchObject({ id, row: 3 });
    expect((await page.csv()).split('\r\n')).toEqual(lines.with(2, `ETHUSDT ; below; 2100 ;x;;${id};`));
    expect(await stored(id)).toMatchObject({ status: 'pending', condition: { target: { text: '2100' } } });
  });

  test('pause and resume', async () => {
    expect((await page.ask('PATCH', '/api/alerts/btc', { active: 'FALSE' })).status).toBe(200);
    expect(await page.csv()).toBe(csv.replace('TRUE', 'FALSE'));
    expect(await alertOf('BTCUSDT')).toMatchObject({ active: false, state: 'paused' });
    expect((await page.ask('PATCH', '/api/alerts/btc', { active: 'TRUE' })).status).toBe(200);
    expect(await page.csv()).toBe(csv);
    expect(await alertOf('BTCUSDT')).toMatchObject({ active: true, state: 'armed' });
  });

  test('delete', async () => {
    expect((await page.ask('DELETE', '/api/alerts/btc', {})).status).toBe(200);
    expect(await page.csv()).toBe(lines.toSpliced(1, 1).join('\r\n'));
    expect(await stored('btc')).toMatchObject({ status: 'expired' });
    expect((await page.state()).alerts.map(({ id }) => id)).not.toContain('btc');
  });
});

describe('nonsense gets the sentence that the sheet gives, and nothing is written:', () => {
  const row = { symbol: 'ETHUSDT', condition: 'above', price: '9000' };
  test.each<[name: string, cells: unknown, message: string | RegExp, column: string | undefined]>([
    [
      'a price with a comma',
      { ...row, price: '95,000' },
      'price: expected a plain number, got "95,000"; write 95000 or 95.000',
      'price',
    ],
    ['a blank symbol', { ...row, symbol: '' }, /^symbol is blank: write /, 'symbol'],
    ['a condition that is none', { ...row, condition: 'reaches' }, /^condition: expected one of above /, 'condition'],
    [
      'a target of another kind',
      { ...row, condition: 'rises' },
      /^condition: rises needs "5% in 1h" in the price cell/,
      'condition',
    ],
    [
      'a formula',
      { ...row, notes: '=HYPERLINK("https://evil.example")' },
      /^notes: a spreadsheet program would run /,
      'notes',
    ],
    [
      'an alert that is there',
      { ...row, symbol: 'BTCUSDT', price: '99000' },
      'row 2 asks for the same alert',
      undefined,
    ],
    ['a column that the sheet does not have', { ...row, repeat: '1h' }, 'the sheet has no column "repeat"', undefined],
    ['a column of no sheet', { ...row, status: 'armed' }, /^expected one of the columns symbol, /, undefined],
    ['a number in place of text', { ...row, price: 9000 }, 'expected an object with a text for each column', undefined],
    ['a list', [row], 'expected an object with a text for each column', undefined],
  ])('%s', async (_, cells, message, column) => {
    const { status, body } = await page.ask('POST', '/api/alerts', cells);
    const { message: told, column: named } = body as Refused;
    expect([400, 409]).toContain(status);
    if (typeof message === 'string') expect(told).toBe(message);
    else expect(told).toMatch(message);
    expect(named).toBe(column);
    expect(await page.csv()).toBe(csv);
  });

  test('the wrong row of the file is told in the same words', async () => {
    expect((await page.state()).sheet.rowErrors).toEqual([
      { row: 5, message: 'price: expected a plain number, got "9,000"; write 9000 or 9.000' },
    ]);
  });

  test.each(['PATCH', 'DELETE'])('%s of an alert that is not there', async (method) => {
    expect((await page.ask(method, '/api/alerts/none', { price: '1' })).status).toBe(404);
    expect(await page.csv()).toBe(csv);
  });
});

test('rows that are deleted on the page are not taken for a sheet that has lost them', async () => {
  const rows = Array.from({ length: 12 }, (_, index) => `BTCUSDT,above,${200_000 + index},b${index}`);
  await page.writeCsv(`symbol,condition,price,id\n${rows.join('\n')}\n`);
  await page.ask('POST', '/api/sync', {});
  const deletions = rows.slice(0, 9).map((_, index) => page.ask('DELETE', `/api/alerts/b${index}`, {}));
  expect((await Promise.all(deletions)).map(({ status }) => status)).toEqual(Array(9).fill(200));
  expect((await page.state()).alerts.map(({ id }) => id).sort()).toEqual(['b10', 'b11', 'b9']);
  expect((await page.csv()).split('\n')).toHaveLength(5);
});

test('an edit that the store cannot take does not look saved', async () => {
  const rows = Array.from({ length: 12 }, (_, index) => `BTCUSDT,above,${200_000 + index},b${index}`);
  await page.writeCsv(`symbol,condition,price,id\n${rows.join('\n')}\n`);
  await page.ask('POST', '/api/sync', {});
  // Somebody else has cut the file short: the guard refuses the read.
  await page.writeCsv(`symbol,condition,price,id\n${rows.slice(0, 2).join('\n')}\n`);
  const { status, body } = await page.ask('PATCH', '/api/alerts/b0', { price: '300000' });
  expect(status).toBe(503);
  expect((body as Refused).message).toMatch(
    /^row 2 is in the sheet, but not stored: the rows of 10 of 12 pending alerts are gone at once/,
  );
  expect(await stored('b0')).toMatchObject({ condition: { target: { text: '200000' } } });
});

describe('what the table alone holds:', () => {
  const ask = (what: string) => page.ask('POST', `/api/alerts/btc/${what}`, {});
  const btc = { id: 'btc', symbol: 'BTCUSDT', exchange: undefined, condition: above('99000') };

  test('a fired alert is armed again by one write, and its row stays', async () => {
    await page.table.put(itemOf(triggeredAlert({ ...btc, user: 'default', name: '', notes: 'said "now"' })));
    await page.ask('POST', '/api/sync', {});
    expect((await ask('rearm')).status).toBe(200);
    expect(await stored('btc')).toMatchObject({ status: 'pending', active: true });
    expect((await ask('rearm')).body).toMatchObject({ message: 'only an alert that has fired can be armed again' });
    expect(await page.csv()).toBe(csv);
  });

  test('what waits for its next attempt is due at once, and keeps what each channel was', async () => {
    const { delivery } = notifyingAlert();
    const later = Date.now() + 3_600_000;
    const waiting = {
      ...delivery,
      leaseUntil: undefined,
      nextAttemptAt: later,
      channels: delivery.channels.map((each) => ({ ...each, nextAttemptAt: later })),
    };
    await page.table.put(itemOf(notifyingAlert({ ...btc, delivery: waiting })));
    await page.ask('POST', '/api/sync', {});
    expect(await alertOf('BTCUSDT')).toMatchObject({ state: 'sending' });
    expect((await ask('retry')).status).toBe(200);
    const after = await stored('btc');
    expect(after?.status === 'notifying' && after.delivery.nextAttemptAt).toBeLessThanOrEqual(Date.now());
  });

  test('what is being sent, is not fired or is not there is left alone', async () => {
    expect((await ask('retry')).status).toBe(409);
    const { delivery } = notifyingAlert();
    await page.table.put(
      itemOf(notifyingAlert({ id: 'btc', delivery: { ...delivery, leaseUntil: Date.now() + 60_000 } })),
    );
    await page.ask('POST', '/api/sync', {});
    expect((await ask('retry')).body).toMatchObject({ message: 'a check is sending it at this moment' });
    expect((await page.ask('POST', '/api/alerts/none/rearm', {})).status).toBe(404);
  });
});
