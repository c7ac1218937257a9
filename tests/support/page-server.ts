import { readFileSync } from 'node:fs';
import { createAdaptorServer } from '@hono/node-server';
import { type BuildOptions, build } from 'esbuild';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { stream, streamSSE } from 'hono/streaming';
import type { AlertView, CandleView, PageState, RowEdit } from '../../src/page/protocol.js';
import type { HistoryView, WhyView } from '../../src/page/protocol-views.js';
import { firstState } from './page-state.js';
import {
  backtestAnswer,
  backtestLines,
  doctorSections,
  fundingOf,
  historyOf,
  statusOf,
  whyLines,
} from './page-views.js';

const client = new URL('../../src/page/client/', import.meta.url);

export const pageBuild = {
  entryPoints: [new URL('main.tsx', client).pathname],
  bundle: true,
  splitting: true,
  format: 'esm' as const,
  target: 'es2022',
  jsx: 'automatic' as const,
  jsxImportSource: 'preact',
  minify: true,
  write: false as const,
  outdir: '/',
} satisfies BuildOptions;

/** By its name: the page as the browser loads it, built from the sources. */
export async function builtPage(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build(pageBuild);
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/** What a row says of the columns that an edit may name. */
const columnOf: Readonly<Record<string, keyof AlertView>> = { price: 'target' };

function edited(alert: AlertView, row: RowEdit): AlertView {
  const { active, ...cells } = row;
  const named = Object.fromEntries(Object.entries(cells).map(([column, text]) => [columnOf[column] ?? column, text]));
  const lines = row.price === undefined ? alert.lines : row.price.split('..');
  const isActive = active === undefined ? alert.active : active === 'TRUE';
  const state = isActive ? 'armed' : 'paused';
  return { ...alert, ...named, lines, active: isActive, state, stateText: state };
}

/** A calm hour or more around the last price, the same every time. */
function candlesAround(last: number, now: number): CandleView[] {
  return Array.from({ length: 160 }, (_, index) => {
    const middle = (at: number) => last * (1 + 0.01 * Math.sin((at - 159) / 14) + 0.004 * Math.sin((at - 159) / 5));
    const [open, close] = [middle(index - 1), middle(index)];
    const [low, high] = [Math.min(open, close) * 0.9988, Math.max(open, close) * 1.0012];
    const [a, b, c, d] = [open, high, low, close].map((price) => price.toFixed(2)) as [string, string, string, string];
    return { openAt: now - (159 - index) * 900_000, open: a, high: b, low: c, close: d };
  });
}

export interface PageServer {
  readonly url: string;
  /** `PATCH btc {"price":"100"}` */
  readonly edits: string[];
  /** What it answers with; every open page is told. */
  set(change: (state: PageState) => PageState): void;
  state(): PageState;
  /** As if the program had been ended, and started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A server that speaks the page's protocol out of memory, under the strictest policy. */
export async function startPageServer(first: PageState = firstState()): Promise<PageServer> {
  let state = first;
  const viewedAt = first.now;
  const edits: string[] = [];
  const listeners = new Set<() => void>();
  const page = await builtPage();
  const set: PageServer['set'] = (change) => {
    state = { ...change(state), now: state.now + 1_000 };
    for (const tell of listeners) tell();
  };
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
      },
    }),
  );
  app.get('/', (c) => c.html(readFileSync(new URL('index.html', client), 'utf8')));
  app.get('/api/state', (c) => c.json(state));
  app.get('/api/prices', (c) => c.json(state.prices.filter(({ symbol }) => symbol === c.req.query('symbol'))));
  app.post('/api/sync', (c) => c.json(state));
  app.get('/api/candles', (c) => {
    const price = state.prices.find(({ symbol }) => symbol === c.req.query('symbol'))?.price;
    if (price === undefined) return c.json({ message: 'the exchange has no candles of it', remedy: undefined }, 502);
    return c.json(candlesAround(Number(price), state.now));
  });
  app.get('/api/history', (c) => {
    const { alert, user } = c.req.query();
    const entries = historyOf(viewedAt).filter(
      (entry) => (alert === undefined || entry.alertId === alert) && (user === undefined || entry.user === user),
    );
    const from = Number(c.req.query('from'));
    return c.json({
      entries: entries.filter(({ at }) => at >= from),
      isCut: false,
      unreadable: [],
    } satisfies HistoryView);
  });
  app.get('/api/alerts/:id/why', (c) => c.json({ at: viewedAt, lines: whyLines } satisfies WhyView));
  app.get('/api/funding', (c) => c.json(fundingOf(viewedAt)));
  app.get('/api/status', (c) => c.json(statusOf(viewedAt)));
  app.post('/api/doctor', (c) => c.json(doctorSections));
  app.post('/api/backtest', async (c) => {
    const row = await c.req.json<RowEdit>();
    edits.push(`test ${JSON.stringify(row)}`);
    if (row.user === 'dmitry') return c.json({ message: 'user_id: nobody knows dmitry', column: 'user' }, 400);
    return stream(c, async (lines) => {
      for (const line of backtestLines) await lines.write(`${JSON.stringify(line)}\n`);
      if (row.condition === 'moves') await new Promise<void>((resolve) => lines.onAbort(resolve));
      if (lines.aborted) edits.push('left');
      else await lines.write(`${JSON.stringify(backtestAnswer(viewedAt))}\n`);
    });
  });
  app.get('/api/events', (c) =>
    streamSSE(c, async (stream) => {
      await stream.write('retry: 100\n\n');
      await new Promise<void>((resolve) => {
        const tell = () => void stream.writeSSE({ event: 'state', data: JSON.stringify(state) });
        listeners.add(tell);
        stream.onAbort(() => {
          listeners.delete(tell);
          resolve();
        });
      });
    }),
  );
  app.post('/api/alerts', async (c) => {
    const row = await c.req.json<RowEdit>();
    edits.push(`POST ${JSON.stringify(row)}`);
    const [like] = state.alerts;
    if (like === undefined) throw new Error('expected an alert to make another one like it');
    const id = `new-${state.alerts.length}`;
    const made = edited({ ...like, id, row: state.alerts.length + 2, name: '', notes: '', times: 0 }, row);
    set((old) => ({ ...old, alerts: [...old.alerts, made] }));
    return c.json({ id, row: made.row, notes: [] });
  });
  app.post('/api/alerts/:id/retry', (c) => {
    edits.push(`retry ${c.req.param('id')}`);
    return c.json({ id: c.req.param('id'), row: 2, notes: [] });
  });
  app.post('/api/alerts/:id/rearm', (c) => {
    const id = c.req.param('id');
    edits.push(`rearm ${id}`);
    set((old) => ({ ...old, alerts: old.alerts.map((alert) => (alert.id === id ? edited(alert, {}) : alert)) }));
    return c.json({ id, row: 2, notes: [] });
  });
  app.on(['PATCH', 'DELETE'], '/api/alerts/:id', async (c) => {
    const id = c.req.param('id');
    const row = await c.req.json<RowEdit>();
    edits.push(`${c.req.method} ${id} ${JSON.stringify(row)}`);
    const found = state.alerts.find((alert) => alert.id === id);
    if (found === undefined)
      return c.json({ message: `there is no row of the alert "${id}"`, remedy: 'look at the sheet' }, 404);
    if (row.name?.startsWith('=') === true) {
      const message = 'name: a text that begins with = would be run by Excel';
      return c.json({ message, remedy: 'begin it with a letter', column: 'name' }, 422);
    }
    set((old) => ({
      ...old,
      alerts:
        c.req.method === 'DELETE'
          ? old.alerts.filter((alert) => alert.id !== id)
          : old.alerts.map((alert) => (alert.id === id ? edited(alert, row) : alert)),
    }));
    return c.json({ id, row: found.row, notes: [] });
  });
  app.get('/:file', (c) => {
    const contents = page.get(`/${c.req.param('file')}`);
    const type = types[c.req.param('file').split('.').at(-1) ?? ''];
    if (contents === undefined || type === undefined) return c.notFound();
    return c.body(Buffer.from(contents), 200, { 'content-type': type });
  });

  let server = createAdaptorServer({ fetch: app.fetch });
  let port = 0;
  async function start() {
    server = createAdaptorServer({ fetch: app.fetch });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : port;
  }
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    edits,
    set,
    state: () => state,
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
