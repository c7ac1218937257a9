import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { expect } from '@jest/globals';
import { Hono } from 'hono';
import { connectAll } from '../../src/adapters/exchanges/connect.js';
import type { Exchange } from '../../src/adapters/exchanges/exchange.js';
import { createHttp } from '../../src/adapters/http.js';
import type { MarketKind } from '../../src/domain/market.js';
import { price } from '../../src/domain/price.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import type { PriceError, Ticker, Tickers } from '../../src/flows/ports/price-source.js';
import { serve } from './loopback.js';

/** `body` as it goes over the wire; anything but text is sent as JSON. A function answers by itself. */
export type Answer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | ((outgoing: ServerResponse) => Response | Promise<Response>);

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
}

async function respond(answer: Answer, outgoing: ServerResponse): Promise<Response> {
  if (typeof answer === 'function') return answer(outgoing);
  const { status = 200, headers, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
}

/**
 * The exchange against a real server: by path, an answer each time it is asked, the last one again and again.
 * A path without answers is not there (HTTP 404); `*` stands for every path. The patience is short only where somebody is silent.
 */
export async function serveExchange(
  exchange: Exchange,
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
  { prefix = '', kind = 'spot' }: { readonly prefix?: string; readonly kind?: MarketKind } = {},
) {
  const asked: Asked[] = [];
  const left = new Map(Object.entries(answers).map(([path, given]) => [path, [given].flat() as Answer[]]));
  const app = new Hono();
  app.all('*', async (c) => {
    const { pathname, search } = new URL(c.req.url);
    asked.push({
      method: c.req.method,
      target: pathname + search,
      headers: c.req.raw.headers,
      body: await c.req.text(),
    });
    const queue = left.get(pathname.slice(prefix.replace(/\/$/, '').length)) ?? left.get('*');
    const [answer] = queue ?? [];
    if (queue !== undefined && queue.length > 1) queue.shift();
    return respond(answer ?? { status: 404, body: 'nothing here' }, (c.env as HttpBindings).outgoing as ServerResponse);
  });
  const server = await serve(app);
  const origins = Object.fromEntries(Object.keys(exchange.origins).map((name) => [name, server.url + prefix]));
  const isSilent = Object.values(answers)
    .flat()
    .some((answer) => answer === silence || answer === stalled);
  const timeoutMs = isSilent ? patienceMs : 10_000;
  const all = connectAll(exchange, createHttp({ timeoutMs, retries: 0 }).get, origins);
  const source = all.find((each) => each.kind === kind) ?? all[0];
  // At the beginning of time nothing is a day old.
  const tickers = (symbols: readonly string[], now = 0) => source.tickers(symbols, now);
  return { ...source, asked, tickers, close: server.close };
}

/** One question to a server that lives as long. */
export async function askOnce(
  exchange: Exchange,
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
  symbols: readonly string[],
  settings: { readonly prefix?: string; readonly kind?: MarketKind; readonly now?: number } = {},
): Promise<{ result: Result<Tickers, PriceError>; asked: readonly Asked[] }> {
  const server = await serveExchange(exchange, answers, settings);
  try {
    return { result: await server.tickers(symbols, settings.now), asked: server.asked };
  } finally {
    await server.close();
  }
}

export const tickers = (entries: Readonly<Record<string, Result<Ticker, PriceError>>>): Result<Tickers, PriceError> =>
  ok(new Map(Object.entries(entries)));

export const ticker = (last: string, high24h?: string, low24h?: string): Result<Ticker, PriceError> =>
  ok({
    last: price(last),
    high24h: high24h === undefined ? undefined : price(high24h),
    low24h: low24h === undefined ? undefined : price(low24h),
  });

/** What came in place of prices or candles. */
export type Failed = Result<never, PriceError>;

export const noPrice = (detail: string): Failed => err({ kind: 'no-price', detail });
export const rateLimited = (retryAfterSeconds?: number): Failed => err({ kind: 'rate-limited', retryAfterSeconds });
export const regionBlocked = (status: number): Failed => err({ kind: 'region-blocked', status });
export const unavailable = (detail: string): Failed => err({ kind: 'unavailable', detail });
export const badResponse = (issue: string): Failed => err({ kind: 'bad-response', issues: [issue] });
export const unknownSymbol: Failed = err({ kind: 'unknown-symbol' });

/** The page that CloudFront shows to a blocked country, shortened. */
export const countryPage = {
  status: 403,
  headers: { 'content-type': 'text/html' },
  body: '<HTML><BODY><H1>403 ERROR</H1>The Amazon CloudFront distribution is configured to block access from your country.</BODY></HTML>',
} as const;

/** What a firewall shows to anyone it does not like. */
export const firewallPage = {
  status: 403,
  headers: { 'content-type': 'text/html' },
  body: '<html><body><h1>403 Forbidden</h1></body></html>',
} as const;

const started = (text: string): Response =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) }));

/** Long enough for an honest answer on a busy machine. */
export const patienceMs = 400;
/** Nothing ever comes. */
export const silence: Answer = () => new Promise<Response>(() => {});
/** The body begins and never ends. */
export const stalled: Answer = () => started('[{"symbol":');
/** The connection breaks in the middle of the body. */
export const brokenOff: Answer = (outgoing) => {
  void pause(5).then(() => outgoing.destroy());
  return started('[{"symbol":');
};

/** Where the platform words a part of a text. */
export const textLike = (pattern: RegExp): string => expect.stringMatching(pattern) as unknown as string;
