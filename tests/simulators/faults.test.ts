import { Agent, request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Hono } from 'hono';
import { createSimulator, createTraffic, type Fault, type Traffic } from '../../src/simulators/faults.js';
import { type Served, serveSimulator } from '../../src/simulators/loopback.js';
import { serve } from '../support/loopback.js';

let traffic: Traffic;
let effects: number;
let served: Served;
beforeEach(async () => {
  traffic = createTraffic();
  effects = 0;
  const app = createSimulator(traffic);
  app.all('/thing', async (c) => {
    effects += 1;
    return c.json({ text: 'x'.repeat(1_000), body: await c.req.text() });
  });
  served = await serveSimulator(app, traffic);
});
afterEach(() => served.close());

interface Outcome {
  status?: number;
  type?: string | undefined;
  text?: string;
  code?: string;
  isWhole?: boolean;
}

/** One request on a connection of its own, told as the client sees it. */
function ask(path = '/thing', options: { agent?: Agent; signal?: AbortSignal } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const sent = httpRequest(`${served.url}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        const type = response.headers['content-type'];
        resolve({ status: response.statusCode ?? 0, type, text, isWhole: response.complete });
      });
    });
    sent.on('error', (error) => resolve({ code: 'code' in error ? String(error.code) : error.name }));
    sent.end();
  });
}

const always = (fault: Fault) => {
  traffic.fault = () => fault;
};

describe('a fault', () => {
  test('of none lets the request through', async () => {
    expect(await ask()).toMatchObject({ status: 200, isWhole: true });
    expect(effects).toBe(1);
  });

  test('may be another answer, in HTML or JSON, and then nothing takes effect', async () => {
    always({ outcome: { status: 403, body: '<html>blocked</html>' } });
    expect(await ask()).toEqual({ status: 403, type: 'text/html', text: '<html>blocked</html>', isWhole: true });
    always({ outcome: { status: 429, body: { code: -1003 }, headers: { 'retry-after': '17' } } });
    expect(await ask()).toMatchObject({ status: 429, type: 'application/json', text: '{"code":-1003}' });
    expect((await fetch(`${served.url}/thing`)).headers.get('retry-after')).toBe('17');
    expect(effects).toBe(0);
  });

  test('may break the connection before the request takes effect', async () => {
    always({ outcome: 'reset' });
    expect(await ask()).toEqual({ code: 'ECONNRESET' });
    expect(effects).toBe(0);
  });

  test('may lose the answer of a request that took effect', async () => {
    always({ outcome: 'lose-answer' });
    expect(await ask()).toEqual({ code: 'ECONNRESET' });
    expect(effects).toBe(1);
  });

  test('may cut the body in half, which the client can tell', async () => {
    const whole = await ask();
    always({ outcome: 'truncate' });
    const half = await ask();
    expect(half).toMatchObject({ status: 200, isWhole: false });
    expect(whole.text?.startsWith(half.text ?? '-')).toBe(true);
    expect(half.text).toHaveLength((whole.text?.length ?? 0) >> 1);
    await expect(fetch(`${served.url}/thing`).then((response) => response.text())).rejects.toThrow();
  });

  test('is all that is sent, also where another server has put its own Response in place', async () => {
    const complained = jest.spyOn(console, 'error').mockReturnValue();
    const { Request, Response } = globalThis;
    const other = await serve(new Hono());
    try {
      expect(globalThis.Response).not.toBe(Response);
      always({ outcome: 'truncate' });
      expect(await ask()).toMatchObject({ status: 200, isWhole: false });
      while (traffic.requestsAtOnce.now > 0) await new Promise(setImmediate);
      // The adapter answers after the app has.
      await new Promise(setImmediate);
      expect(complained).not.toHaveBeenCalled();
    } finally {
      await other.close();
      for (const [name, value] of Object.entries({ Request, Response }))
        Object.defineProperty(globalThis, name, { value });
      complained.mockRestore();
    }
  });

  test('may hang until the client gives up', async () => {
    always({ outcome: 'hang' });
    const patience = new AbortController();
    const waiting = ask('/thing', { signal: patience.signal });
    while (traffic.requests.length === 0) await new Promise(setImmediate);
    patience.abort();
    expect(await waiting).toEqual({ code: 'ABORT_ERR' });
    while (traffic.requestsAtOnce.now > 0) await new Promise(setImmediate);
    expect(effects).toBe(0);
  });

  test('that hangs does not keep the simulator from closing', async () => {
    always({ outcome: 'hang' });
    const waiting = ask();
    while (traffic.requests.length === 0) await new Promise(setImmediate);
    await served.close();
    expect(await waiting).toEqual({ code: 'ECONNRESET' });
  });

  test('may delay any of these', async () => {
    const minuteMs = 60_000;
    const patience = new AbortController();
    traffic.fault = ({ query }) => (query === 'slow' ? { delayMs: minuteMs } : { delayMs: 1, outcome: 'lose-answer' });
    const slow = ask('/thing?slow', { signal: patience.signal });
    while (traffic.requests.length === 0) await new Promise(setImmediate);
    expect(await ask()).toEqual({ code: 'ECONNRESET' });
    patience.abort();
    expect(await slow).toEqual({ code: 'ABORT_ERR' });
    expect(effects).toBe(1);
  });

  test('may be chosen by the request, and leaves later ones alone', async () => {
    traffic.fault = ({ query }) => (query === 'n=1' ? { outcome: 'reset' } : undefined);
    expect(await Promise.all([ask('/thing?n=1'), ask('/thing?n=2')])).toMatchObject([
      { code: 'ECONNRESET' },
      { status: 200 },
    ]);
  });
});

describe('the account', () => {
  test('holds every request, faulty ones too, and the app still gets the body', async () => {
    await ask('/thing?a=1&b=%20');
    const response = await fetch(`${served.url}/thing`, { method: 'POST', body: 'c=2' });
    expect(await response.json()).toMatchObject({ body: 'c=2' });
    always({ outcome: 'reset' });
    await ask('/nowhere');
    expect(traffic.requests).toEqual([
      { method: 'GET', path: '/thing', query: 'a=1&b=%20', body: '' },
      { method: 'POST', path: '/thing', query: '', body: 'c=2' },
      { method: 'GET', path: '/nowhere', query: '', body: '' },
    ]);
  });

  test('knows how many requests and connections were open at once', async () => {
    always({ outcome: 'hang' });
    const patience = new AbortController();
    const waiting = [1, 2, 3].map(() => ask('/thing', { signal: patience.signal }));
    while (traffic.requestsAtOnce.now < 3) await new Promise(setImmediate);
    patience.abort();
    await Promise.all(waiting);
    while (traffic.requestsAtOnce.now + traffic.connectionsAtOnce.now > 0) await new Promise(setImmediate);
    always({});
    await ask();
    expect(traffic.requestsAtOnce).toEqual({ now: 0, most: 3 });
    expect(traffic.connectionsAtOnce.most).toBe(3);
  });

  test('counts a connection that is kept alive once', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await Promise.all([ask('/thing', { agent }), ask('/thing', { agent }), ask('/thing', { agent })]);
    expect(traffic.connectionsAtOnce).toEqual({ now: 1, most: 1 });
    agent.destroy();
  });
});
