import { once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readStaticFiles } from '../../../src/page/server/static-files.js';
import { oneForAll } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';

const rows = Array.from({ length: 20 }, (_, index) => `BTCUSDT,above,${96_000 + index},a${index}`);
const csv = ['symbol,condition,price,id', ...rows].join('\n');
const page = oneForAll(async () => openTestPage(csv, { files: await readStaticFiles('dist/page') }));

interface Sent {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** As it goes over the wire: `fetch` would unpack it. */
async function ask(path: string, encoding = 'gzip, deflate, br'): Promise<Sent> {
  const request = get(`${page.url}${path}`, { headers: { 'accept-encoding': encoding } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.headers['content-type']?.startsWith('text/event-stream')) {
    const [first] = (await once(response, 'data')) as [Buffer];
    response.destroy();
    return { headers: response.headers, bytes: first };
  }
  return { headers: response.headers, bytes: Buffer.concat(await response.toArray()) };
}

const textOf = ({ bytes, headers }: Sent): string =>
  String(headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);

test('the first load is at most 80 KB over the wire, and what is read there is whole', async () => {
  const loaded = new Map<string, Sent>();
  const load = async (path: string): Promise<void> => {
    if (loaded.has(path)) return;
    const sent = await ask(path);
    loaded.set(path, sent);
    const wanted = /(?:(?:src|href)="\.?|(?:from|import)\s*"\.)(\/[\w.-]+)"/g;
    for (const [, next = ''] of textOf(sent).matchAll(wanted)) await load(next);
  };
  await load('/');
  expect([...loaded.keys()]).toEqual(expect.arrayContaining(['/', '/main.css', '/main.js']));
  const sizes = [...loaded.values()].map(({ bytes }) => bytes.length);
  expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(80 * 1_024);
  const main = loaded.get('/main.js');
  expect(main?.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'text/javascript; charset=utf-8' });
  expect(main && textOf(main)).toBe(textOf(await ask('/main.js', 'identity')));
});

test('the state is packed, with all headers of the guard; what has to flow is not', async () => {
  const { headers, bytes } = await ask('/api/state');
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'x-content-type-options': 'nosniff' });
  expect(JSON.parse(String(gunzipSync(bytes))).alerts).toHaveLength(rows.length);
  const events = await ask('/api/events');
  expect([events.headers['content-encoding'], String(events.bytes)]).toEqual([
    undefined,
    expect.stringContaining('event: state'),
  ]);
});
