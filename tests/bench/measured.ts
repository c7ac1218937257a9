import { pathToFileURL } from 'node:url';
import { answerParent } from './child.js';

/** One invocation, as the measured process itself sees it. */
export interface Invocation {
  readonly wallMs: number;
  /** Of the wall time: loading the program; only of the first invocation. */
  readonly importMs: number;
  readonly cpuMs: number;
  /** The most the process held so far. */
  readonly peakMb: number;
  readonly answer: unknown;
}

type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

const [, , program = ''] = process.argv;
let handler: Handler | undefined;

/** Lambda's longest, and not the template's two minutes: a case shall be done whole, however slow the machine. */
const timeoutMs = 900_000;

answerParent<unknown>(async (event): Promise<Invocation> => {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  let importMs = 0;
  if (handler === undefined) {
    handler = ((await import(pathToFileURL(program).href)) as { handler: Handler }).handler;
    importMs = performance.now() - begun;
  }
  const started = performance.now();
  const answer = await handler(event, {
    getRemainingTimeInMillis: () => timeoutMs - (performance.now() - started),
  });
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { wallMs, importMs, cpuMs: (user + system) / 1000, peakMb, answer };
});
