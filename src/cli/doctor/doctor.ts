import { createHttp } from '../../adapters/http.js';
import { createTransport } from '../../adapters/notifiers/transport.js';
import type { Section } from './findings.js';
import { examineLambda } from './lambda.js';
import { examineLaptop } from './laptop.js';
import { nodeFinding, watchClock } from './machine.js';
import { type DoctorOptions, type Outside, readSurroundings } from './surroundings.js';

/** Looks at everything, at the same time where one thing does not need another. Nothing is written and nothing pushed. */
export async function examine(options: DoctorOptions, outside: Outside): Promise<Section[]> {
  const { http, watch, finding } = watchClock(createHttp({ timeoutMs: outside.timeoutMs, retries: 1 }), outside.now);
  const surroundings = readSurroundings(options, outside);
  const transport = watch(createTransport({ timeoutMs: outside.timeoutMs }));
  const examination = { options, surroundings, outside, http, transport };
  const rest = options.aws ? await examineLambda(examination) : await examineLaptop(examination);
  const machine = [nodeFinding(outside.nodeVersion), finding(), ...surroundings.findings];
  return [{ title: 'This machine', findings: machine }, ...rest];
}
