import type { Http } from '../../adapters/http.js';
import { type Finding, right, skipped, wrong } from './findings.js';

const oldestNode = 20;
const lambdaNode = 24;

export function nodeFinding(version: string): Finding {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1]);
  if (!(major >= oldestNode)) {
    return wrong('node', `this is Node ${version}, expected ${oldestNode} or later`, `install Node ${lambdaNode}`);
  }
  return right('node', `Node ${version}${major === lambdaNode ? ", the Lambda's" : `; the Lambda runs ${lambdaNode}`}`);
}

type Answering = ReturnType<Http['get']>;

export interface WatchedHttp {
  readonly http: Http;
  /** The answers of another way to send count too. */
  watch<Words extends readonly unknown[]>(send: (...words: Words) => Answering): (...words: Words) => Answering;
  /** Once the answers are there. */
  finding(): Finding;
}

/** Google refuses requests signed by a clock that is minutes off, and a touch is dated by this machine's. */
const mostSkewMs = 30_000;

/** Compares this machine's clock with the `Date` of every answer. A cache's answer is old, and does not count. */
export function watchClock(http: Http, now: () => number): WatchedHttp {
  const skewsMs: number[] = [];
  const watch =
    <Words extends readonly unknown[]>(send: (...words: Words) => Answering) =>
    async (...words: Words) => {
      const reply = await send(...words);
      const saidAt =
        reply.ok && !reply.value.headers.has('age') ? Date.parse(reply.value.headers.get('date') ?? '') : NaN;
      // The header is cut to the second.
      if (!Number.isNaN(saidAt)) skewsMs.push(now() - saidAt - 500);
      return reply;
    };
  return {
    http: { get: watch(http.get), post: watch(http.post) },
    watch,
    finding() {
      const skewMs = skewsMs.sort((a, b) => a - b)[skewsMs.length >> 1];
      if (skewMs === undefined) return skipped('clock', 'no service answered with the time');
      const seconds = Math.round(Math.abs(skewMs) / 1000);
      if (Math.abs(skewMs) <= mostSkewMs) return right('clock', "within half a minute of the services'");
      const detail = `this machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the services'`;
      return wrong('clock', detail, 'set it, or switch on its synchronization');
    },
  };
}
