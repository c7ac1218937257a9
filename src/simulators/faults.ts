import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';

/** `query` is as it came, without the question mark. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

/** An object is sent as JSON, text as an HTML page, whatever the service's own format. */
export interface Answer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What goes wrong with one request: a wait first, then
 * `hang`: no answer until the client gives up; `reset`: the connection breaks before the request takes effect;
 * `lose-answer`: it breaks after that; `truncate`: it breaks in the middle of the body; or another answer than the service's.
 */
export interface Fault {
  readonly delayMs?: number;
  readonly outcome?: 'hang' | 'reset' | 'lose-answer' | 'truncate' | Answer;
}

export interface Gauge {
  now: number;
  most: number;
}

/** What a simulator saw, and what it shall do wrong: replace `fault` at any time. */
export interface Traffic {
  readonly requests: SeenRequest[];
  fault: (request: SeenRequest) => Fault | undefined;
  readonly requestsAtOnce: Gauge;
  readonly connectionsAtOnce: Gauge;
}

export const createGauge = (): Gauge => ({ now: 0, most: 0 });

/** `requestsAtOnce` may be shared by several simulators, to see how many requests the program has open in all. */
export function createTraffic(requestsAtOnce: Gauge = createGauge()): Traffic {
  return { requests: [], fault: () => undefined, requestsAtOnce, connectionsAtOnce: createGauge() };
}

export function enter(gauge: Gauge): void {
  gauge.now += 1;
  gauge.most = Math.max(gauge.most, gauge.now);
}

export interface SimulatorEnv {
  Bindings: HttpBindings;
}

function breakConnection(c: Context<SimulatorEnv>): Response {
  c.env.incoming.socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** The headers promise the whole body, so that the client can tell that the half it got is not all. */
async function sendHalf(c: Context<SimulatorEnv>): Promise<Response> {
  const { status, headers } = c.res;
  const body = Buffer.from(await c.res.arrayBuffer());
  const { outgoing } = c.env;
  outgoing.writeHead(status, { ...Object.fromEntries(headers), 'content-length': body.length });
  outgoing.write(body.subarray(0, body.length >> 1), () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

const answerOf = ({ status, body, headers }: Answer): Response =>
  typeof body === 'string'
    ? new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
    : Response.json(body, { status, ...(headers && { headers }) });

async function respond(c: Context<SimulatorEnv>, fault: Fault | undefined, next: () => Promise<void>) {
  if (fault?.delayMs !== undefined) await pause(fault.delayMs, undefined, { ref: false });
  const outcome = fault?.outcome;
  if (typeof outcome === 'object') return answerOf(outcome);
  if (outcome === 'reset') return breakConnection(c);
  if (outcome === 'hang') {
    if (!c.env.outgoing.closed) await once(c.env.outgoing, 'close');
    return RESPONSE_ALREADY_SENT;
  }
  await next();
  if (outcome !== 'lose-answer' && outcome !== 'truncate') return undefined;
  // After `next` Hono looks at `c.res` only.
  const sent = outcome === 'truncate' ? await sendHalf(c) : breakConnection(c);
  // In the place of another answer it would be copied, and the copy sent.
  c.res = undefined;
  c.res = sent;
  return undefined;
}

/** An app that keeps account of its requests and does wrong what `traffic.fault` asks for. */
export function createSimulator(traffic: Traffic): Hono<SimulatorEnv> {
  const app = new Hono<SimulatorEnv>();
  app.use(async (c, next) => {
    enter(traffic.requestsAtOnce);
    try {
      const { pathname, search } = new URL(c.req.url);
      const request = { method: c.req.method, path: pathname, query: search.slice(1), body: await c.req.text() };
      traffic.requests.push(request);
      return await respond(c, traffic.fault(request), next);
    } finally {
      traffic.requestsAtOnce.now -= 1;
    }
  });
  return app;
}
