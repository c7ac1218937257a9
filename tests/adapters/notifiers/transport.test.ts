import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createTransport } from '../../../src/adapters/notifiers/transport.js';
import { serve } from '../../support/loopback.js';

const timeoutMs = 600;

test('an answer whose headers and body together take longer than its time is none', async () => {
  const app = new Hono();
  app.get('/slow', async () => {
    await pause(0.7 * timeoutMs);
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('first '));
        await pause(0.7 * timeoutMs);
        controller.enqueue(new TextEncoder().encode('last'));
        controller.close();
      },
    });
    return new Response(body);
  });
  const server = await serve(app);
  const answer = await createTransport({ timeoutMs })({ method: 'get', url: new URL('/slow', server.url) });
  await server.close();
  expect(answer).toEqual({ ok: false, error: { detail: `no answer within ${timeoutMs} ms` } });
});
