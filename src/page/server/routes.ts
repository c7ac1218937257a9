import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import { streamSSE } from 'hono/streaming';
import type { Ports } from '../../flows/ports/ports.js';
import type { PageState } from '../protocol.js';
import { addBacktest } from './backtest.js';
import type { Board } from './board.js';
import { bodyOf } from './body.js';
import { readCandles } from './candles.js';
import type { CheckMetrics } from './check-metrics.js';
import { type EditAnswer, type Edits, readCells } from './edits.js';
import { addFunding } from './funding.js';
import { type Door, guard, limitedBody, metricsPath, refuse, safeHeaders } from './guard.js';
import { addHistory } from './history.js';
import type { Live } from './live.js';
import { pricesOfSymbol } from './prices.js';
import type { StaticFiles } from './static-files.js';
import { addStatus, type Doctor } from './status.js';
import type { StoreEdits } from './store-edits.js';
import { addWhy } from './why.js';

export interface Parts {
  readonly door: Door;
  readonly ports: Ports;
  readonly board: Board;
  readonly live: Live;
  readonly edits: Edits;
  readonly storeEdits: StoreEdits;
  readonly files: StaticFiles;
  readonly metrics: CheckMetrics;
  readonly doctor: Doctor | undefined;
  /** True of a failure of something outside, whose sentence is for people; any other is a fault of the program. */
  readonly isOutage: (error: unknown) => error is Error;
  readonly onFault: (error: unknown) => void;
}

/** So that what stands between keeps a silent stream open. */
const heartbeatMs = 25_000;

/** One stream a page. hono does not tell of a write that failed: a page that has gone shows by `onAbort` alone. */
const events = (live: Live) => (c: Context) =>
  streamSSE(c, async (stream) => {
    let id = 0;
    // The state that is sent next; those that came while one was under way are older than it.
    let waiting: PageState | undefined;
    let isWriting = false;
    const flush = async () => {
      if (isWriting) return;
      isWriting = true;
      while (waiting !== undefined && !stream.aborted) {
        const data = JSON.stringify(waiting);
        waiting = undefined;
        id += 1;
        await stream.writeSSE({ event: 'state', data, id: String(id) });
      }
      isWriting = false;
    };
    const leave = live.listen((state) => {
      waiting = state;
      void flush();
    });
    const heartbeat = setInterval(() => void stream.write(':\n\n'), heartbeatMs);
    await new Promise<void>((resolve) => {
      stream.onAbort(resolve);
      if (stream.aborted) resolve();
    });
    clearInterval(heartbeat);
    leave();
  });

function addReads(app: Hono, { ports, board, live }: Parts): void {
  app.get('/api/state', async (c) => {
    await board.refresh();
    return c.json(board.state());
  });
  app.get('/api/events', events(live));
  app.get('/api/prices', async (c) => {
    const symbol = c.req.query('symbol');
    if (symbol === undefined) {
      await board.refresh();
      return c.json(board.state().prices);
    }
    const prices = await pricesOfSymbol(ports, symbol);
    return prices.ok ? c.json(prices.value) : refuse(c, 400, prices.error, undefined, 'symbol');
  });
  app.get('/api/candles', async (c) => {
    const candles = await readCandles(ports, c.req.query());
    return candles.ok ? c.json(candles.value) : refuse(c, candles.error.status, candles.error.message);
  });
}

function addWrites(app: Hono, { board, live, edits, storeEdits }: Parts): void {
  const answer = async (c: Context, edit: Promise<EditAnswer>) => {
    const edited = await edit;
    // Also a refused one may have left something in the sheet.
    live.tell();
    if (edited.ok) return c.json(edited.value);
    const { status, message, remedy, column } = edited.error;
    return refuse(c, status, message, remedy, column);
  };
  const withCells = async (c: Context, edit: (cells: Parameters<Edits['append']>[0]) => Promise<EditAnswer>) => {
    const cells = readCells(await bodyOf(c));
    return answer(c, cells.ok ? edit(cells.value) : Promise.resolve(cells));
  };
  app.post('/api/alerts', (c) => withCells(c, edits.append));
  app.patch('/api/alerts/:id', (c) => withCells(c, (cells) => edits.change(c.req.param('id'), cells)));
  app.delete('/api/alerts/:id', (c) => answer(c, edits.remove(c.req.param('id'))));
  const afterwards = async (edit: Promise<EditAnswer>) => {
    const edited = await edit;
    await board.refresh();
    return edited;
  };
  app.post('/api/alerts/:id/rearm', (c) => answer(c, afterwards(storeEdits.rearm(c.req.param('id')))));
  app.post('/api/alerts/:id/retry', (c) => answer(c, afterwards(storeEdits.retry(c.req.param('id')))));
  app.post('/api/sync', async (c) => {
    await board.sync();
    live.tell();
    return c.json(board.state());
  });
}

/** What is read when somebody asks for it, and no part of every state. */
function addViews(app: Hono, { ports, board, doctor, onFault }: Parts): void {
  addHistory(app, ports);
  addWhy(app, ports, board);
  addFunding(app, ports);
  addStatus(app, ports, doctor);
  addBacktest(app, ports, board, onFault);
}

/** Everything that the page is asked, behind the guard. */
export function createRoutes(parts: Parts): Hono {
  const app = new Hono();
  app.use(compress(), safeHeaders, guard(parts.door), limitedBody);
  addReads(app, parts);
  addWrites(app, parts);
  addViews(app, parts);
  app.get(metricsPath, async (c) =>
    c.body(await parts.metrics.text(), 200, { 'content-type': parts.metrics.contentType }),
  );
  app.get('*', (c) => {
    const file = parts.files.get(c.req.path);
    return file === undefined
      ? refuse(c, 404, 'there is nothing here', 'open /')
      : c.body(file.bytes, 200, { 'content-type': file.type });
  });
  app.notFound((c) => refuse(c, 404, 'there is nothing here', 'open /'));
  app.onError((error, c) => {
    parts.onFault(error);
    if (parts.isOutage(error)) return refuse(c, 503, error.message, 'try again in a moment');
    return refuse(c, 500, 'the page has failed at this', 'see what its terminal says');
  });
  return app;
}
