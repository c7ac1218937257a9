import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { enter, type SimulatorEnv, type Traffic } from './faults.js';

export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** On a free port of this machine only. Closing cuts what is still open, requests that hang included. */
export async function serveSimulator(app: Hono<SimulatorEnv>, { connectionsAtOnce }: Traffic): Promise<Served> {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  server.on('connection', (socket) => {
    enter(connectionsAtOnce);
    socket.on('close', () => {
      connectionsAtOnce.now -= 1;
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
