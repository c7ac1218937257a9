import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer | string;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString(),
  };
}

/**
 * A server on a free port of this machine whose answers leave `delayMs` after the request came, however long making
 * them takes within that time.
 */
export async function serve(
  answer: (asked: Asked) => Answered | Promise<Answered>,
  delayMs: (asked: Asked) => number,
): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const asked = await read(request);
    const delay = pause(delayMs(asked));
    const { status, type, body } = await answer(asked);
    await delay;
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  // A connection that closes between two invocations would cost the next one a round trip that is not counted.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
