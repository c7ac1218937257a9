import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { PageState } from '../../src/page/protocol.js';
import { startTable } from '../support/dynamodb.js';
import { openTestLaptop } from '../support/laptop.js';
import { oneForEach } from '../support/lifetime.js';

const csv = 'symbol,condition,price,id\nBTCUSDT,above,95000,btc\n';
const laptop = oneForEach(async () => {
  const opened = await openTestLaptop();
  await opened.write('alerts.csv', csv);
  return opened;
});

const address = /^the page: (http:\/\/localhost:\d+)\/(\S*)$/m;

const open = (...words: string[]) => start('page', '--port', '0', ...words);

async function start(...words: string[]) {
  const running = laptop.start(words);
  let said = '';
  await running.until(({ stdout }) => {
    said = stdout;
    return address.test(stdout);
  });
  const [, url = ''] = address.exec(said) ?? [];
  return { running, url };
}

describe('page', () => {
  test('serves the alerts of the file, checks with --watch, and ends with Ctrl-C while a page looks', async () => {
    const { running, url } = await open('--watch', '1h');
    const stream = await fetch(`${url}/api/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    while (!told.includes('"state":"fired"')) told += (await reader?.read())?.value;
    const state = (await (await fetch(`${url}/api/state`)).json()) as PageState;
    expect(state.sheet).toEqual({ kind: 'csv', name: 'alerts.csv', rowErrors: [] });
    expect(state.lastCheck?.line).toMatch(/1 fired/);
    const seen = reader?.closed.catch(() => undefined);
    running.child.kill('SIGINT');
    await seen;
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
    // What it stored is there for the next program.
    expect((await laptop.runHere('list')).stdout).toContain('triggered');
  });

  test('shares the alerts with a program that has them open', async () => {
    const other = laptop.start(['check', '--watch', '1h']);
    await other.until(({ stdout }) => stdout.includes('BTCUSDT'));
    const { url } = await open();
    const state = (await (await fetch(`${url}/api/state`)).json()) as PageState;
    expect(state.alerts).toMatchObject([{ id: 'btc', state: 'fired' }]);
  });

  test('shows the deployed stack, and edits its sheet: nothing of this folder counts', async () => {
    const { environment, simulators } = laptop;
    const table = await startTable();
    try {
      environment.AWS_ENDPOINT_URL_DYNAMODB = table.url;
      const header = ['symbol', 'condition', 'price', 'id'];
      simulators.google.tabs.set('Alerts', [header, ['BTCUSDT', 'above', 99000, 'mine']]);
      const { running, url } = await open('--table', table.tableName, '--region', 'eu-central-1');
      const edit = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"price":"98000"}' };
      expect(await (await fetch(`${url}/api/alerts/mine`, edit)).json()).toEqual({ id: 'mine', row: 2, notes: [] });
      expect(simulators.google.tabs.get('Alerts')).toEqual([header, ['BTCUSDT', 'above', 98000, 'mine']]);
      expect(await table.item('mine')).toMatchObject({ target_price: '98000', status: 'pending' });
      simulators.google.access = 'viewer';
      expect((await fetch(`${url}/api/alerts/mine`, { ...edit, body: '{"price":"97000"}' })).status).toBe(409);
      const { sheet } = (await (await fetch(`${url}/api/state`)).json()) as PageState;
      expect(sheet).toEqual({
        kind: 'google',
        name: 'Alerts',
        readOnly: expect.stringMatching(/editor/i),
        rowErrors: [],
      });
      running.child.kill('SIGINT');
      expect(await running.ended).toMatchObject({ code: 0, signal: null });
    } finally {
      await table.close();
    }
  });

  test('shows the demo, whose market moves while one looks and whose sheet can be edited', async () => {
    const { running, url } = await start('demo', '--page', '--port', '0', '--every', '3s');
    const state = async () => (await (await fetch(`${url}/api/state`)).json()) as PageState;
    await running.until(({ stdout }) => stdout.includes('Check 2'));
    const { alerts, prices, sheet } = await state();
    expect(sheet.rowErrors.length).toBeGreaterThan(3);
    expect(prices.filter(({ price }) => price !== undefined).length).toBeGreaterThan(5);
    const [armed] = alerts.filter((alert) => alert.state === 'armed' && alert.condition === 'below');
    const headers = { 'content-type': 'application/json' };
    const edit = { method: 'PATCH', headers, body: JSON.stringify({ price: '0.00000001' }) };
    expect((await fetch(`${url}/api/alerts/${armed?.id}`, edit)).status).toBe(200);
    expect((await state()).alerts).toContainEqual(expect.objectContaining({ id: armed?.id, target: '0.00000001' }));
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });

  test('a port that is taken says who may hold it, and how to choose another', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const { code, stdout, stderr } = await laptop.runHere('page', '--port', String(port));
    holder.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      new RegExp(`port ${port} is taken: by another "trading-alerts page", .*Gradio.*--port ${port + 1}\n$`),
    );
  });

  test('wider than this machine it has a token, and asks for it', async () => {
    const running = laptop.start(['page', '--port', '0', '--host', '0.0.0.0']);
    let said = '';
    await running.until(({ stdout }) => {
      said = stdout;
      return stdout.includes('?token=');
    });
    const [, port = '', token = ''] = /:(\d+)\/\?token=(\S{32})\n/.exec(said) ?? [];
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' })).status;
    expect([await ask('/api/state'), await ask(`/?token=${token}`)]).toEqual([401, 302]);
  });

  test.each([
    [['--port', '70000'], /expected a port from 1 to 65535/],
    [['--sheet', 'alerts.csv', '--table', 'x'], /whose sheet is google/],
    [['--table', 'x', '--watch', '5m'], /the Lambda checks by itself/],
    [['--host', 'no-such-host.invalid', '--port', '0'], /port 0 cannot be used/],
    [['--sheet', 'nowhere/alerts.csv', '--port', '0'], /nowhere/],
  ])('%j ends with a message', async (words, message) => {
    const { code, stderr } = await laptop.runHere('page', ...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});
