import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { oneForAll } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';

const csv = 'symbol,condition,price,id\nBTCUSDT,above,99000,btc\n';

const page = oneForAll(() => openTestPage(csv));
const guarded = oneForAll(() => openTestPage(csv, { token: 'fake-token' }));

type Headers = Readonly<Record<string, string>>;

/** Past every client, since none sends another host's name. */
async function send(
  port: number,
  line: string,
  headers: Headers,
  body = '',
): Promise<{ status: number; text: string }> {
  const socket = connect(port, '127.0.0.1');
  const isChunked = headers['transfer-encoding'] !== undefined;
  const length: Headers = body === '' || isChunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { ...length, connection: 'close', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // What is refused early may be cut off while it is sent.
  socket.on('error', () => undefined);
  socket.write(`${line} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
  await once(socket, 'close');
  return { status: Number(text.split(' ')[1]), text };
}

const row = JSON.stringify({ symbol: 'ETHUSDT', condition: 'above', price: '9000' });
const json = { 'content-type': 'application/json' };

interface Case {
  readonly name: string;
  readonly line?: string;
  readonly headers?: Headers;
  readonly host?: string;
  readonly body?: string;
  readonly status: number;
}

const write: Pick<Case, 'line' | 'body'> = { line: 'POST /api/alerts', body: row };

const cases: readonly Case[] = [
  { name: 'a foreign Host', host: 'evil.example:PORT', status: 403 },
  {
    name: 'a name that was rebound to this machine, of the same origin',
    host: 'evil.example:PORT',
    ...write,
    status: 403,
    headers: { ...json, origin: 'http://evil.example:PORT', 'sec-fetch-site': 'same-origin' },
  },
  { name: 'a name that begins like ours', host: 'localhost.evil.example:PORT', status: 403 },
  { name: 'two names, ours the first', host: 'localhost:PORT\r\nhost: evil.example', status: 403 },
  { name: 'another host in the line than in the header', line: 'GET http://evil.example/', status: 403 },
  { name: 'our name without the port', host: 'localhost', status: 403 },
  { name: 'our name with another port', host: 'localhost:1', status: 403 },
  { name: 'a foreign Origin', ...write, headers: { ...json, origin: 'https://evil.example' }, status: 403 },
  {
    name: 'an Origin that begins like ours',
    ...write,
    headers: { ...json, origin: 'http://localhost:PORT.evil.example' },
    status: 403,
  },
  { name: 'the Origin null', ...write, headers: { ...json, origin: 'null' }, status: 403 },
  { name: 'the Origin of another port', ...write, headers: { ...json, origin: 'http://localhost:3000' }, status: 403 },
  {
    name: 'our Origin over TLS, which is not ours',
    ...write,
    headers: { ...json, origin: 'https://localhost:PORT' },
    status: 403,
  },
  { name: 'a cross-site read', line: 'GET /api/state', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  { name: 'a cross-site write', ...write, headers: { ...json, 'sec-fetch-site': 'cross-site' }, status: 403 },
  {
    name: 'a write of another port, which is the same site',
    ...write,
    headers: { ...json, 'sec-fetch-site': 'same-site' },
    status: 403,
  },
  {
    name: 'a visit of the API from elsewhere',
    line: 'GET /api/state',
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    status: 403,
  },
  { name: 'a body of plain text', ...write, headers: { 'content-type': 'text/plain' }, status: 415 },
  {
    name: 'a form',
    line: 'POST /api/alerts',
    body: 'symbol=BTCUSDT',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
  },
  {
    name: 'JSON that calls itself text',
    ...write,
    headers: { 'content-type': 'text/plain; application/json' },
    status: 415,
  },
  { name: 'a body without a type', ...write, status: 415 },
  { name: 'a deletion without a type', line: 'DELETE /api/alerts/btc', status: 415 },
  { name: 'a preflight', line: 'OPTIONS /api/alerts', headers: { origin: 'http://localhost:PORT' }, status: 405 },
  { name: 'PUT', line: 'PUT /api/alerts/btc', body: row, headers: json, status: 405 },
  {
    name: 'a body of more than 64 KB',
    line: 'POST /api/alerts',
    body: JSON.stringify({ notes: 'x'.repeat(70_000) }),
    headers: json,
    status: 413,
  },
  {
    name: 'a body of more than 64 KB that does not say so',
    line: 'POST /api/alerts',
    body: `11170\r\n${JSON.stringify({ notes: 'x'.repeat(69_988) })}\r\n0\r\n\r\n`,
    headers: { ...json, 'transfer-encoding': 'chunked' },
    status: 413,
  },
  { name: 'a body that is no JSON', line: 'POST /api/alerts', body: '{', headers: json, status: 400 },
  { name: 'a scraper under another name', line: 'GET /metrics', host: 'host.docker.internal:PORT', status: 403 },
  {
    name: 'the metrics, read by a page of another site',
    line: 'GET /metrics',
    headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    status: 403,
  },
  { name: 'a path out of the metrics', line: 'GET /metrics/../package.json', status: 404 },
  ...['history', 'alerts/btc/why', 'funding?symbol=BTCUSDT', 'status'].map((path) => ({
    name: `a cross-site read of ${path}`,
    line: `GET /api/${path}`,
    headers: { 'sec-fetch-site': 'cross-site' },
    status: 403,
  })),
  ...['backtest', 'doctor'].flatMap((path) => [
    {
      name: `${path} in plain text`,
      line: `POST /api/${path}`,
      body: row,
      headers: { 'content-type': 'text/plain' },
      status: 415,
    },
    {
      name: `${path} of another port`,
      line: `POST /api/${path}`,
      body: row,
      headers: { ...json, origin: 'http://localhost:3000' },
      status: 403,
    },
  ]),
  { name: 'a path out of the folder', line: 'GET /../package.json', status: 404 },
  { name: 'an encoded path out of the folder', line: 'GET /%2e%2e%2fpackage.json', status: 404 },
  { name: 'a path with the other slash', line: 'GET /..%5c..%5cpackage.json', status: 404 },
  { name: 'a path of another root', line: 'GET //etc/passwd', status: 404 },
];

const withPort = (headers: Headers, port: number): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]));

describe('refused, and nothing changed:', () => {
  test.each(cases)('$name', async ({ line = 'GET /', headers = {}, host = 'localhost:PORT', body, status }) => {
    const answer = await send(page.port, line, withPort({ host, ...headers }, page.port), body);
    expect(answer.status).toBe(status);
    expect(await page.csv()).toBe(csv);
    expect(answer.text).toContain("content-security-policy: default-src 'none'");
    expect(answer.text).not.toContain('access-control-allow');
  });
});

test.each<[name: string, line: string, host: string, headers: Headers]>([
  ['this machine by its name', 'GET /api/state', 'localhost:PORT', {}],
  ['this machine by its address', 'GET /api/state', '127.0.0.1:PORT', { 'sec-fetch-site': 'none' }],
  ['this machine by its IPv6 address', 'GET /api/state', '[::1]:PORT', { 'sec-fetch-site': 'same-origin' }],
  [
    'our own page',
    'GET /api/state',
    'localhost:PORT',
    { origin: 'http://localhost:PORT', 'sec-fetch-site': 'same-origin' },
  ],
  ['a link in a chat', 'GET /', 'localhost:PORT', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
])('let in: %s', async (_, line, host, headers) => {
  expect((await send(page.port, line, withPort({ host, ...headers }, page.port))).status).toBe(200);
});

test('every answer forbids what the page does not need', async () => {
  const { headers } = await fetch(page.url);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
});

describe('with a token', () => {
  const visit = (path: string, cookie = '') => {
    const host = { host: `localhost:${guarded.port}` };
    return send(guarded.port, `GET ${path}`, cookie === '' ? host : { ...host, cookie });
  };

  test('nothing is shown without it, nor with a wrong one', async () => {
    for (const path of [
      '/',
      '/api/state',
      '/api/history',
      '/api/status',
      '/?token=wrong',
      '/api/state?token=fake-token',
      '/?token=',
    ]) {
      expect((await visit(path)).status).toBe(401);
    }
  });

  test('a scraper bears it, which opens the metrics and nothing else', async () => {
    const ask = async (path: string, authorization: string) => {
      const host = `localhost:${guarded.port}`;
      return (await send(guarded.port, `GET ${path}`, authorization === '' ? { host } : { host, authorization }))
        .status;
    };
    expect(await ask('/metrics', 'Bearer fake-token')).toBe(200);
    for (const other of ['', 'Bearer wrong', 'Bearer ', 'Basic fake-token', 'fake-token']) {
      expect({ other, status: await ask('/metrics', other) }).toEqual({ other, status: 401 });
    }
    for (const path of ['/', '/api/state', '/metrics/', '/metrics/x', '//metrics']) {
      expect({ path, status: await ask(path, 'Bearer fake-token') }).toEqual({ path, status: 401 });
    }
  });

  test('it is exchanged for a cookie of this port, which holds no token, and leaves the address', async () => {
    const { status, text } = await visit('/?token=fake-token');
    expect(status).toBe(302);
    expect(text).toMatch(/^location: \/\r$/im);
    const [, cookie = '', rest] = /^set-cookie: ([^;]+)(.*)\r$/im.exec(text) ?? [];
    expect(cookie).toMatch(new RegExp(`^trading-alerts-${guarded.port}=`));
    expect(cookie).not.toContain('fake-token');
    expect(rest).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await visit('/api/state', cookie)).status).toBe(200);
    expect((await visit('/api/state', cookie.replace(/-\d+=/, '-1='))).status).toBe(401);
    expect((await visit('/api/state', `${cookie}x`)).status).toBe(401);
  });
});
