import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';

/** The part of https://github.com/architect/dynalite that is used; it is published without types. */
type Dynalite = (options: {
  readonly path?: string;
  readonly createTableMs: number;
  readonly updateTableMs: number;
  readonly deleteTableMs: number;
}) => Server;

interface LevelDatabase {
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface EmbeddedDynamoDb {
  readonly url: string;
  /** Frees the port and the folder. */
  readonly close: () => Promise<void>;
}

const require = createRequire(import.meta.url);

const codeOf = (error: unknown): string =>
  isNativeError(error) && 'code' in error ? String(error.code) : 'unknown error';

/**
 * dynalite opens its files late and ends the program when it cannot, so a lock of our own is taken first: an empty
 * LevelDB beside its files, whose lock the system gives back even when a program is killed.
 */
async function lockFolder(path: string): Promise<LevelDatabase> {
  const { Level } = createRequire(require.resolve('dynalite'))('level') as {
    Level: new (path: string) => LevelDatabase;
  };
  try {
    await mkdir(path, { recursive: true });
    const lock = new Level(join(path, 'lock'));
    await lock.open();
    return lock;
  } catch (error) {
    const cause = isNativeError(error) ? error.cause : undefined;
    throw new Error(
      codeOf(cause) === 'LEVEL_LOCKED'
        ? `another trading-alerts is using ${path}; stop it or use another folder`
        : `the folder ${path} cannot be used (${codeOf(cause ?? error)}); make it writable or use another folder`,
      { cause: error },
    );
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A request is dealt with in milliseconds; one that is not shall not keep the program from ending. */
const longestFarewellMs = 1_000;

/**
 * dynalite throws, and so ends the program, where a client goes away in the middle of a request, and where its files
 * close under a request. Gives what closes it instead: nothing new is taken, what is under way gets its answer.
 */
function tame(server: Server): () => Promise<void> {
  const [handle] = server.listeners('request') as RequestListener[];
  const underWay = new Set<ServerResponse>();
  let isClosing = false;
  server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isClosing || handle === undefined) {
      request.socket.destroy();
      return;
    }
    const { end } = response;
    response.end = ((...sent: unknown[]) => {
      underWay.delete(response);
      return Reflect.apply(end, response, sent);
    }) as typeof end;
    request.once('end', () => underWay.add(response));
    handle(request, response);
    request.removeAllListeners('error').on('error', () => undefined);
  });
  return async () => {
    isClosing = true;
    for (let waitedMs = 0; underWay.size > 0 && waitedMs < longestFarewellMs; waitedMs += 2) await pause(2);
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  };
}

/** DynamoDB's protocol on this machine only: in memory, or in the folder `path`, which is made where it is missing. */
export async function startEmbeddedDynamoDb(
  options: { readonly path?: string; readonly port?: number } = {},
): Promise<EmbeddedDynamoDb> {
  const { path, port = 0 } = options;
  const lock = path === undefined ? undefined : await lockFolder(path);
  const dynalite = require('dynalite') as Dynalite;
  const server = dynalite({
    ...(path !== undefined && { path: join(path, 'tables') }),
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
  const stop = tame(server);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= stop().then(() => lock?.close());
    return closing;
  };
  try {
    await listen(server, port);
  } catch (error) {
    // Its files close with a server that listens, and with no other.
    await listen(server, 0);
    await close();
    throw new Error(`port ${port} of this machine cannot be used (${codeOf(error)}); choose another`, { cause: error });
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
