import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import type { Refused } from '../protocol.js';

/** Who may come in. */
export interface Door {
  /** The names by which the page is reached, without the port; an IPv6 address in brackets. */
  readonly names: readonly string[];
  readonly port: number;
  /** Undefined where this machine alone can reach the page. */
  readonly token: string | undefined;
}

type StatusCode = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 500 | 503;

export const refuse = (c: Context, status: StatusCode, message: string, remedy?: string, column?: string): Response =>
  c.json({ message, remedy, ...(column !== undefined && { column }) } satisfies Refused, status);

/** Read by programs, of which none keeps cookies. */
export const metricsPath = '/metrics';

export const longestBody = 64 * 1024;

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** On every answer, refusals included. */
export const safeHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
};

/** What a browser writes into Host: it leaves the port of plain HTTP out. */
export const hostsOf = ({ names, port }: Pick<Door, 'names' | 'port'>): readonly string[] =>
  names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));

/** A link from elsewhere opens the page itself, and nothing but that. */
const isVisit = (c: Context): boolean =>
  c.req.method === 'GET' && c.req.path === '/' && c.req.header('sec-fetch-mode') === 'navigate';

/**
 * A name that was rebound to this machine shows in Host, a page of another site in Origin and Sec-Fetch-Site. Each of
 * them alone refuses: hono's own `csrf()` lets in what fits one of the two.
 */
function isStranger(c: Context, hosts: ReadonlySet<string>): boolean {
  if (!hosts.has(c.req.header('host')?.toLowerCase() ?? '')) return true;
  // A request line may name a host, too, which counts more than the header.
  if (!hosts.has(new URL(c.req.url).host)) return true;
  const origin = c.req.header('origin');
  if (origin !== undefined && !(origin.startsWith('http://') && hosts.has(origin.slice('http://'.length)))) return true;
  const site = c.req.header('sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit(c);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (a: string | undefined, b: string): boolean => a !== undefined && timingSafeEqual(digest(a), digest(b));

const bearerOf = (c: Context): string | undefined => /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];

/** The token opens the page once; from then on its cookie does. Programs on other ports share cookies, so its name has the port. */
function askForToken(c: Context, { port, token }: Door): Response | undefined {
  if (token === undefined) return undefined;
  const name = `trading-alerts-${port}`;
  const pass = digest(`cookie of ${token}`).toString('base64url');
  if (isVisit(c) || c.req.path === '/') {
    if (isSame(c.req.query('token'), token)) {
      setCookie(c, name, pass, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return c.redirect('/');
    }
  }
  if (c.req.path === metricsPath && isSame(bearerOf(c), token)) return undefined;
  if (isSame(getCookie(c, name), pass)) return undefined;
  return refuse(c, 401, 'this page asks for its token', 'open the address that the program printed at its start');
}

const reads = ['GET', 'HEAD'];
const writes = ['POST', 'PATCH', 'DELETE'];

/** Whoever is no page of ours is refused before anything is looked at. What each rule keeps out: `PAGE_FACTS`, the door of a localhost. */
export function guard(door: Door): MiddlewareHandler {
  const hosts = new Set(hostsOf(door));
  return async (c, next) => {
    if (isStranger(c, hosts)) {
      return refuse(c, 403, 'this request comes from elsewhere', `open http://${hostsOf(door)[0]}/`);
    }
    const barred = askForToken(c, door);
    if (barred !== undefined) return barred;
    const { method } = c.req;
    if (reads.includes(method)) return next();
    if (!writes.includes(method)) return refuse(c, 405, `${method} is no method of this page`);
    // A page of another site may send text without being asked; JSON it may not.
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') return refuse(c, 415, 'expected a body of the type application/json');
    return next();
  };
}

export const limitedBody: MiddlewareHandler = bodyLimit({
  maxSize: longestBody,
  onError: (c) => refuse(c, 413, `expected at most ${longestBody} bytes`),
});
