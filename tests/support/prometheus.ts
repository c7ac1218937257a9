import { spawnSync } from 'node:child_process';

/** By its labels in the order of the text, as `{exchange="binance"}`; of a histogram by its name's ending too. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: ReadonlyMap<string, number>;
}

const name = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const sample = /^([a-z0-9_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,(?=[a-z]))?)+\})? (\S+)$/;
const number = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/;
const endings: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] };

const wrong = (what: string, line: string) => new Error(`${what}: "${line}"`);

/**
 * The text format, more strictly than Prometheus reads it: each family stands together, with its help and its type before
 * it. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseMetrics(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('expected a line break at the end');
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  const lines = text.slice(0, -1).split('\n');
  let current = '';
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const [, kind, of = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (!name.test(of) || families.has(of)) throw wrong('a name that is none, or came before', line);
      if (!lines[index + 1]?.startsWith(`# TYPE ${of} `)) throw wrong('expected its type in the next line', line);
      families.set(of, { type: '', help: rest, samples: new Map() });
      current = of;
      continue;
    }
    const family = families.get(current);
    if (family === undefined) throw wrong('expected a help first', line);
    if (kind === 'TYPE') {
      if (of !== current || family.type !== '') throw wrong('a type of something else', line);
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw wrong('a type that is none', line);
      family.type = rest;
      continue;
    }
    const [, own = '', labels = '', value = ''] = sample.exec(line) ?? [];
    const allowed = (endings[family.type] ?? ['']).map((ending) => current + ending);
    if (!allowed.includes(own) || !number.test(value)) throw wrong(`no sample of ${current}`, line);
    const key = own.slice(current.length) + labels;
    if (family.samples.has(key)) throw wrong('said twice', line);
    family.samples.set(key, Number(value.replace('Inf', 'Infinity')));
  }
  return families;
}

/** What the rules of naming find to say. https://prometheus.io/docs/practices/naming/ */
export function namingFaults(families: ReadonlyMap<string, Family>): string[] {
  const units = /(?:milli|micro|nano)seconds?|_(?:ms|us|sec|mins?|minutes?|hours?|days?|kb|mb|percent)(?:_|$)/;
  return [...families].flatMap(([of, { type, help }]) => [
    ...(of.startsWith('trading_alerts_') ? [] : [`${of}: expected the prefix of the program`]),
    ...((type === 'counter') === of.endsWith('_total') ? [] : [`${of}: _total is for counters, and for each`]),
    ...(units.test(of) ? [`${of}: expected a base unit, such as seconds`] : []),
    ...(/_(?:count|sum|bucket|gauge|counter)$/.test(of) ? [`${of}: this ending is kept for others`] : []),
    ...(/^[A-Z1].*[^.]$/.test(help) ? [] : [`${of}: expected a help that begins with a capital and has no full stop`]),
  ]);
}

/** Of Debian's package `prometheus`; false where it is not installed, and not silently. */
export function hasPromtool(): boolean {
  const isThere = spawnSync('promtool', ['--version']).status === 0;
  if (!isThere) process.stderr.write('no promtool on the PATH (apt-get install prometheus): not asked\n');
  return isThere;
}

/** What promtool has to say; empty where all is well. */
export function promtool(words: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', words, { input, encoding: 'utf8' });
  const said = `${stdout}${stderr}`.trim();
  return status === 0 ? said : `${said} (exit code ${status})`;
}
