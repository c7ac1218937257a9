import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Ports } from '../../flows/ports/ports.js';
import type { SheetEditor } from '../../flows/ports/sheet-editor.js';
import type { Summary } from '../../flows/summary.js';
import { createBoard, type SheetName } from './board.js';
import { createCheckMetrics } from './check-metrics.js';
import { createEdits } from './edits.js';
import { createLive } from './live.js';
import { createRoutes } from './routes.js';
import type { StaticFiles } from './static-files.js';
import type { Doctor } from './status.js';
import { createStoreEdits } from './store-edits.js';
import { watchFile } from './watch-folder.js';

export interface PageOptions {
  readonly ports: Ports;
  readonly editor: SheetEditor;
  readonly sheet: SheetName;
  /** The CSV files, which need not be there; none for a sheet that tells nobody of its changes. */
  readonly watched: readonly string[];
  readonly files: StaticFiles;
  /** What the status screen may ask; undefined where there is none. */
  readonly doctor?: Doctor | undefined;
  /** The address to listen on, and the names by which the page is reached there. */
  readonly host: string;
  readonly names: readonly string[];
  /** 0 takes any that is free. */
  readonly port: number;
  readonly token: string | undefined;
  /** Between two looks at the store and the prices, while a page is open. */
  readonly refreshMs: number;
  readonly isOutage: (error: unknown) => error is Error;
  readonly onFault: (error: unknown) => void;
}

export interface Page {
  readonly port: number;
  /** A check has ended: whoever looks hears of it at once. `summary`: of a check of this program, to be counted. */
  refresh(summary?: Summary): Promise<void>;
  /** Cuts what is open, streams included. */
  close(): Promise<void>;
}

/** Serves the page. Rejects with the system's error where the port cannot be had. */
export async function startPage(options: PageOptions): Promise<Page> {
  const { ports, editor, onFault, isOutage, files, doctor, names, token } = options;
  const board = createBoard(ports, options.sheet, doctor !== undefined);
  const live = createLive(board, options.refreshMs, onFault);
  const metrics = createCheckMetrics(ports);
  const parts = { ports, board, live, files, metrics, doctor, isOutage, onFault };
  let fetch: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const server = createAdaptorServer({ fetch: (request: Request) => fetch(request), overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const edits = createEdits(ports, editor, board);
  const storeEdits = createStoreEdits(ports, board);
  fetch = createRoutes({ ...parts, door: { names, port, token }, edits, storeEdits }).fetch;
  const syncOnce = async () => {
    await board.sync();
    await board.refresh();
    live.tell();
    await metrics.look();
  };
  let syncing = Promise.resolve();
  const sync = () => {
    syncing = syncing.then(syncOnce).catch(onFault);
    return syncing;
  };
  const close = async () => {
    const reading = Promise.all([live.close(), syncing]);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
    await reading;
  };
  const unwatch: (() => void)[] = [];
  try {
    for (const file of options.watched) unwatch.push(watchFile(file, () => void sync(), onFault));
  } catch (error) {
    await close();
    throw error;
  }
  await sync();
  return {
    port,
    refresh(summary) {
      if (summary !== undefined) metrics.note(summary);
      return sync();
    },
    close() {
      for (const end of unwatch) end();
      return close();
    },
  };
}
