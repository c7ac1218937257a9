import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../adapters/error-code.js';
import { createLevel, findDamage, type LevelDatabase, levelCode } from './stored-files.js';

/** The part of https://github.com/architect/dynalite that is used; it is published without types. */
type Dynalite = (options: {
  readonly path?: string;
  readonly createTableMs: number;
  readonly updateTableMs: number;
  readonly deleteTableMs: number;
}) => Server;

export interface EmbeddedDynamoDb {
  readonly url: string;
  /** Frees the port and the folder. */
  readonly close: () => Promise<void>;
}

const require = createRequire(import.meta.url);

/** Another program has the folder open; `findEmbeddedDynamoDb` tells where it can be asked. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

function lockProblem(path: string, error: unknown): Error {
  const code = levelCode(error);
  if (code === 'LEVEL_LOCKED') {
    return new FolderInUse(`another trading-alerts is using ${path}; stop it or use another folder`, { cause: error });
  }
  // What the system says of a folder has its own code; LevelDB's are about its files.
  const problem = code.startsWith('LEVEL_')
    ? `the folder ${join(path, 'lock')} is damaged (${code}); delete it, it holds no alerts`
    : `the folder ${path} cannot be used (${code}); make it writable or use another folder`;
  return new Error(problem, { cause: error });
}

/**
 * dynalite opens its files late and ends the program when it cannot, so a lock of our own is taken first: an empty
 * LevelDB beside its files, whose lock the system gives back even when a program is killed.
 */
async function lockFolder(path: string): Promise<LevelDatabase> {
  try {
    await mkdir(path, { recursive: true });
    const lock = createLevel(join(path, 'lock'));
    await lock.open();
    return lock;
  } catch (error) {
    throw lockProblem(path, error);
  }
}

const tablesOf = (path: string): string => join(path, 'tables');
const addressFileOf = (path: string): string => join(path, 'address');

/** Once dynalite has opened damaged files, it ends the program at the first that it cannot read. */
async function refuseDamage(path: string): Promise<void> {
  const tables = tablesOf(path);
  const damage = await findDamage(tables, join(path, 'copy')).catch((error: unknown) => {
    throw new Error(`the folder ${path} cannot be used (${levelCode(error)}); make it writable or use another folder`, {
      cause: error,
    });
  });
  if (damage === undefined) return;
  throw new Error(
    `the alerts stored in ${tables} are damaged: ${damage}; put back a copy of the folder, or delete it: the next check` +
      ' makes it anew and arms every row of the sheet afresh',
  );
}

/** Where the program that has the folder open can be asked; undefined where none says so. */
export async function findEmbeddedDynamoDb(path: string): Promise<string | undefined> {
  try {
    return await readFile(addressFileOf(path), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
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
const shutdownTimeoutMs = 1_000;

/**
 * dynalite throws, and so ends the program, where a client goes away in the middle of a request, and where its files
 * close under a request. Gives what closes it instead: nothing new is taken, what is under way gets its answer.
 */
function makeClosable(server: Server): () => Promise<void> {
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
    for (let waitedMs = 0; underWay.size > 0 && waitedMs < shutdownTimeoutMs; waitedMs += 2) await pause(2);
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  };
}

/** The folder is ours and its files are whole, or it throws. Gives what frees it. */
async function takeFolder(path: string): Promise<() => Promise<void>> {
  const lock = await lockFolder(path);
  const free = async () => {
    await rm(addressFileOf(path), { force: true });
    await lock.close();
  };
  try {
    // Of a program that was killed.
    await rm(addressFileOf(path), { force: true });
    await refuseDamage(path);
    return free;
  } catch (error) {
    await free();
    throw error;
  }
}

/** DynamoDB's protocol on this machine only: in memory, or in the folder `path`, which is made where it is missing. */
export async function startEmbeddedDynamoDb(
  options: { readonly path?: string; readonly port?: number } = {},
): Promise<EmbeddedDynamoDb> {
  const { path, port = 0 } = options;
  const free = path === undefined ? undefined : await takeFolder(path);
  const dynalite = require('dynalite') as Dynalite;
  const server = dynalite({
    ...(path !== undefined && { path: tablesOf(path) }),
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
  const stop = makeClosable(server);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= stop().then(free);
    return closing;
  };
  try {
    await listen(server, port);
  } catch (error) {
    // Its files close with a server that listens, and with no other.
    await listen(server, 0);
    await close();
    const code = errorCode(error) ?? 'unknown error';
    throw new Error(`port ${port} of this machine cannot be used (${code}); choose another`, { cause: error });
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (path !== undefined) await writeFile(addressFileOf(path), url);
  return { url, close };
}
