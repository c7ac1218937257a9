import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

interface SourceFile {
  readonly path: string;
  readonly source: string;
}

interface Import {
  readonly from: string;
  /**
   * A file of src as `domain/price.ts`, else the package's name; `*` stands for a name in a folder that is put in at run
   * time; undefined where more of the path is computed.
   */
  readonly target: string | undefined;
  readonly isFile: boolean;
  readonly isTypeOnly: boolean;
  readonly names: readonly string[];
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const partsOf = (node: object): unknown[] => Object.values(node).flat();

function nodesOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(isNode(value) ? [value] : []), ...partsOf(value).flatMap(nodesOf)];
}

const parse = ({ path, source }: SourceFile) =>
  parseSync(source, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022' });

const quasiOf = (node: unknown): string => (isNode(node) && typeof node.raw === 'string' ? node.raw : '');

/** `./exchanges/${name}.ts` → `./exchanges/*.ts`, as the bundler reads it. */
function patternOf(path: unknown): string | undefined {
  if (!isNode(path) || path.type !== 'TemplateLiteral') return undefined;
  const quasis = (path.quasis as unknown[]).map(quasiOf);
  return quasis.length === 2 && quasis[0]?.startsWith('./') && quasis[0].endsWith('/') ? quasis.join('*') : undefined;
}

const textOf = (node: unknown): string | undefined =>
  isNode(node) && typeof node.value === 'string' ? node.value : undefined;

/** `import`, `export … from`, `import()` and `import('…').Type`. */
function readImports(file: SourceFile): Import[] {
  return nodesOf(parse(file)).flatMap((node): Import[] => {
    const isCall = node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import';
    const isStatement = /^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && isNode(node.source);
    if (!isCall && !isStatement && node.type !== 'TsImportType') return [];
    const [argument] = isCall ? (node.arguments as { expression: unknown }[]) : [];
    const path = isCall ? argument?.expression : (node.source ?? node.argument);
    const written = isNode(path) && path.type === 'StringLiteral' ? textOf(path) : patternOf(path);
    // A style sheet is no code, and the bundler takes it out.
    if (written?.endsWith('.css')) return [];
    const isFile = written?.startsWith('.') ?? false;
    const target = isFile
      ? posix.join(posix.dirname(file.path), written ?? '').replace(/\.js$/, '.ts')
      : written?.replace(/^((@[^/]+\/)?[^/]+).*$/, written.startsWith('node:') ? '$&' : '$1');
    const specifiers = (node.specifiers ?? []) as Node[];
    const isTypeOnly =
      node.type === 'TsImportType' ||
      node.typeOnly === true ||
      (specifiers.length > 0 && specifiers.every((specifier) => specifier.isTypeOnly === true));
    const names = specifiers.map(({ imported, local, orig }) => textOf(imported ?? local ?? orig) ?? '');
    return [{ from: file.path, target, isFile, isTypeOnly, names }];
  });
}

const importsByFile = new WeakMap<SourceFile, Import[]>();

function importsOf(file: SourceFile): Import[] {
  const imports = importsByFile.get(file) ?? readImports(file);
  importsByFile.set(file, imports);
  return imports;
}

const typeWrappers = /^Ts(As|Satisfies|NonNull|Const|Type)?(Expression|Assertion)$|^TsInstantiation$/;

/** Names of values that the code uses: `process`, `Date.now`, `new Date()`; neither types nor properties nor strings. */
function usedNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(usedNames);
  if (typeof value !== 'object' || value === null) return [];
  if (!isNode(value)) return partsOf(value).flatMap(usedNames);
  const node = value;
  if (node.type.startsWith('Ts')) return typeWrappers.test(node.type) ? usedNames(node.expression) : [];
  if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) return [];
  if (node.type === 'Identifier') return [textOf(node) ?? '', ...usedNames(node.typeAnnotation)];
  if (node.type === 'MemberExpression' && isNode(node.object) && isNode(node.property)) {
    const key = node.property.type === 'Identifier' ? textOf(node.property) : undefined;
    const inside = key === undefined ? usedNames(node.property) : [];
    if (node.object.type !== 'Identifier') return [...usedNames(node.object), ...inside];
    return [`${textOf(node.object)}.${key ?? '[]'}`, ...inside];
  }
  if (node.type === 'NewExpression' && isNode(node.callee) && textOf(node.callee) === 'Date') {
    const given = (node.arguments ?? []) as unknown[];
    return given.length === 0 ? ['new Date()'] : usedNames(given);
  }
  const { key, ...rest } = node;
  const isPlainKey = isNode(key) && key.type !== 'Computed';
  return [...(isPlainKey ? [] : usedNames(key)), ...partsOf(rest).flatMap(usedNames)];
}

const partOf = (path: string): string =>
  path === 'app.ts' || path === 'config.ts' ? 'app' : (path.split('/')[0] ?? '');

/** The files that an import brings: those that fit its pattern, or the one that it names. */
function filesOf({ isFile, target = '' }: Import, paths: Iterable<string>): readonly string[] {
  if (!isFile) return [];
  const [before = '', after] = target.split('*');
  if (after === undefined) return [...paths].filter((path) => path === target || path === `${target}x`);
  const fits = (path: string) => path.startsWith(before) && path.endsWith(after);
  const nameIn = (path: string) => path.slice(before.length, path.length - after.length);
  return [...paths].filter((path) => fits(path) && /^[^/]+$/.test(nameIn(path)));
}

function importsOfPart(files: readonly SourceFile[], part: string): Import[] {
  return files.filter(({ path }) => partOf(path) === part).flatMap(importsOf);
}

/** What the given imports bring besides what is allowed. */
function strangers(imports: readonly Import[], isAllowed: (each: Import) => boolean): string[] {
  return imports
    .filter((each) => !isAllowed(each))
    .map(
      ({ from, target, isTypeOnly }) => `${from} imports ${target ?? 'a computed path'}${isTypeOnly ? ' (types)' : ''}`,
    );
}

const isIn = ({ isFile, target = '' }: Import, ...parts: string[]): boolean => isFile && parts.includes(partOf(target));
const isPackage = ({ isFile, target = '' }: Import, ...names: string[]): boolean => !isFile && names.includes(target);

const outsideWorld =
  /^(process|console|fetch|XMLHttpRequest|performance|crypto|global|globalThis|set(Timeout|Interval|Immediate))\b|^Date$|^Date\.(?!UTC$|parse$)|^new Date\(\)$|^Math\.(random|\[\])$/;

/**
 * The shortest way from a file back to itself, types included, over files that sort after it: so every circle is found,
 * once, at the first of its files.
 */
function circleFrom(start: string, targets: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const seen = new Set<string>();
  const ways: string[][] = [[start]];
  for (const way of ways) {
    for (const target of targets.get(way.at(-1) ?? '') ?? []) {
      if (target === start) return [...way, target];
      if (target < start || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return undefined;
}

/** Each gives the offending files by name; an empty list is a kept rule. */
const rules: Readonly<Record<string, (files: readonly SourceFile[]) => string[]>> = {
  'every file of src has its place, and every import of a file finds it': (files) => {
    const paths = new Set(files.map(({ path }) => path));
    const parts = ['domain', 'flows', 'adapters', 'handlers', 'cli', 'simulators', 'page', 'app'];
    const homeless = files
      .filter(({ path }) => !parts.includes(partOf(path)))
      .map(({ path }) => `${path} has no place`);
    const imports = files.flatMap(importsOf);
    return [
      ...homeless,
      ...strangers(imports, (each) => each.target !== undefined && (!each.isFile || filesOf(each, paths).length > 0)),
    ];
  },
  'no imports go in a circle': (files) => {
    const paths = files.map(({ path }) => path);
    const ofFile = (file: SourceFile) => importsOf(file).flatMap((each) => filesOf(each, paths));
    const targets = new Map(files.map((file) => [file.path, ofFile(file)]));
    return files.flatMap(({ path }) => circleFrom(path, targets)?.join(' → ') ?? []);
  },
  'the domain imports only the domain, big.js, valibot and a hash': (files) =>
    strangers(
      importsOfPart(files, 'domain'),
      (each) =>
        isIn(each, 'domain') ||
        isPackage(each, 'big.js', 'valibot') ||
        (isPackage(each, 'node:crypto') && each.names.every((name) => name === 'createHash')),
    ),
  'flows import only the domain, other flows and p-limit': (files) =>
    strangers(importsOfPart(files, 'flows'), (each) => isIn(each, 'domain', 'flows') || isPackage(each, 'p-limit')),
  'adapters import only the domain, other adapters, packages and the types of flows/ports and flows/summary.ts': (
    files,
  ) =>
    strangers(
      importsOfPart(files, 'adapters'),
      (each) =>
        !each.isFile ||
        isIn(each, 'domain', 'adapters') ||
        (/^flows\/(ports\/[^/]+|summary)\.ts$/.test(each.target ?? '') && each.isTypeOnly),
    ),
  'handlers import only app.ts, config.ts, other handlers, packages and types of flows': (files) =>
    strangers(
      importsOfPart(files, 'handlers'),
      (each) => !each.isFile || isIn(each, 'app', 'handlers') || (isIn(each, 'flows') && each.isTypeOnly),
    ),
  'only cli imports cli': (files) =>
    strangers(files.flatMap(importsOf), (each) => !isIn(each, 'cli') || partOf(each.from) === 'cli'),
  'only cli and simulators import simulators, which import only the domain and packages': (files) => [
    ...strangers(
      files.flatMap(importsOf),
      (each) => !isIn(each, 'simulators') || ['cli', 'simulators'].includes(partOf(each.from)),
    ),
    ...strangers(importsOfPart(files, 'simulators'), (each) => !each.isFile || isIn(each, 'domain', 'simulators')),
  ],
  'only handlers and cli import handlers': (files) =>
    strangers(
      files.flatMap(importsOf),
      (each) => !isIn(each, 'handlers') || ['handlers', 'cli'].includes(partOf(each.from)),
    ),
  'only cli and the page import the page, whose client takes the domain and the protocol only, and whose server no adapters':
    (files) => {
      const isOf = (place: string, path = '') => path.startsWith(`page/${place}`);
      const ofPage = importsOfPart(files, 'page');
      return [
        ...strangers(files.flatMap(importsOf), (each) => !isIn(each, 'page') || /^(cli|page)$/.test(partOf(each.from))),
        ...strangers(
          ofPage.filter(({ from }) => isOf('protocol', from)),
          (each) => each.isFile && isOf('protocol', each.target),
        ),
        ...strangers(
          ofPage.filter(({ from }) => isOf('client/', from)),
          (each) =>
            isIn(each, 'domain') ||
            (each.isFile && (isOf('client/', each.target) || isOf('protocol', each.target))) ||
            (!each.isFile && !each.target?.startsWith('node:')),
        ),
        ...strangers(
          ofPage.filter(({ from }) => isOf('server/', from)),
          (each) =>
            !each.isFile || isIn(each, 'domain', 'flows') || (isIn(each, 'page') && !isOf('client/', each.target)),
        ),
      ];
    },
  'only handlers and cli import app.ts, and they and app.ts alone config.ts': (files) =>
    strangers(files.flatMap(importsOf), (each) => !isIn(each, 'app') || /^(handlers|cli|app)/.test(partOf(each.from))),
  'only app.ts wires adapters into flows': (files) =>
    files
      .filter(({ path }) => path !== 'app.ts')
      .filter((file) => {
        const values = importsOf(file).filter(({ isTypeOnly }) => !isTypeOnly);
        return values.some((each) => isIn(each, 'adapters')) && values.some((each) => isIn(each, 'flows'));
      })
      .map(({ path }) => `${path} imports both adapters and flows`),
  'domain and flows have no clock, environment, network, log, timer or chance of their own': (files) =>
    files
      .filter(({ path }) => ['domain', 'flows'].includes(partOf(path)))
      .flatMap((file) => {
        const names = new Set(usedNames(parse(file)).filter((name) => outsideWorld.test(name)));
        return [...names].map((name) => `${file.path} uses ${name}`);
      }),
};

interface Size {
  readonly path: string;
  readonly lines: number;
}

const linesIn = (text: string): number => text.trimEnd().split('\n').length;

const sizesOf = (files: readonly SourceFile[]): Size[] =>
  files.map(({ path, source }) => ({ path, lines: linesIn(source) }));

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Each with the comment that stands right above the line on which it begins. */
function functionsOf(file: SourceFile): (Size & { readonly line: number; readonly comment: string })[] {
  // swc counts bytes, from 1.
  const bytes = Buffer.from(file.source);
  const kinds = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|MethodProperty)$/;
  return nodesOf(parse(file)).flatMap((node) => {
    if (!kinds.test(node.type)) return [];
    const { start, end } = node.span as { start: number; end: number };
    const above = bytes
      .subarray(0, start - 1)
      .toString()
      .split('\n')
      .slice(0, -1);
    const comment = above.slice(above.findLastIndex((line) => !/^\s*(\/\/|\/?\*)/.test(line)) + 1).join('\n');
    const lines = linesIn(bytes.subarray(start - 1, end - 1).toString());
    return [{ path: file.path, line: above.length + 1, lines, comment }];
  });
}

const longest = { file: 200, median: 75, function: 60 };

const tooLong = (files: readonly SourceFile[]): string[] => [
  ...sizesOf(files)
    .filter(({ lines }) => lines > longest.file)
    .map(({ path, lines }) => `${path} has ${lines} lines`),
  ...files
    .flatMap(functionsOf)
    .filter(({ lines, comment }) => lines > longest.function && !/\bbecause\b/.test(comment))
    .map(({ path, line, lines }) => `${path}:${line} is a function of ${lines} lines and does not say why`),
];

const sourceFolder = new URL('../src/', import.meta.url);
const sources = readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
  .map((path) => path.split(sep).join('/'))
  .map((path): SourceFile => ({ path, source: readFileSync(new URL(path, sourceFolder), 'utf8') }));

describe('in src', () => {
  test.each(Object.keys(rules))('%s', (rule) => expect(rules[rule]?.(sources)).toEqual([]));

  test('no file is too long, and no function without a word of why', () => {
    expect(tooLong(sources)).toEqual([]);
    expect(median(sizesOf(sources).map(({ lines }) => lines))).toBeLessThanOrEqual(longest.median);
  });

  test('the imports are really read', () => {
    const imports = sources.flatMap(importsOf);
    expect(imports).toContainEqual({
      from: 'domain/identity.ts',
      target: 'node:crypto',
      isFile: false,
      isTypeOnly: false,
      names: ['createHash'],
    });
    expect(imports).toContainEqual({
      from: 'flows/sync-sheet.ts',
      target: 'domain/alert.ts',
      isFile: true,
      isTypeOnly: true,
      names: ['Alert'],
    });
    // A file without any import is rare enough to show a reader that has stopped reading.
    expect(new Set(imports.map(({ from }) => from)).size).toBeGreaterThan(sources.length / 2);
  });
});

test('what is too long is found, and what says why is not', () => {
  const body = (lines: number) => `{${'\n'.repeat(lines - 1)}}`;
  const source = [
    `function short() ${body(60)}`,
    `const é = () => ${body(61)};`,
    '/** One piece,\n * because its parts share the same four variables. */',
    `export const asked = async () => ${body(62)};`,
    `const many = { all() ${body(63)} };`,
  ].join('\n');
  expect(tooLong([{ path: 'a.ts', source }])).toEqual([
    'a.ts has 248 lines',
    'a.ts:61 is a function of 61 lines and does not say why',
    'a.ts:186 is a function of 63 lines and does not say why',
  ]);
  expect([median([9, 1, 5]), median([])]).toEqual([5, 0]);
});

/** Enough files for the imports below to find. */
const sound: readonly SourceFile[] = [
  'app.ts',
  'config.ts',
  'domain/price.ts',
  'flows/check.ts',
  'flows/ports/ports.ts',
  'adapters/http.ts',
  'adapters/exchanges/bybit.ts',
  'handlers/check.ts',
  'cli/cli.ts',
  'page/protocol.ts',
  'page/client/api.ts',
  'page/server/board.ts',
].map((path) => ({ path, source: '' }));

const has = (path: string, source: string): SourceFile[] => [
  ...sound.filter((file) => file.path !== path),
  { path, source },
];

describe('the checker', () => {
  const [place, circles, domain, flows, adapters, handlers, cli, simulators, noHandlers, page, app, wiring, outside] =
    Object.keys(rules) as [string, ...string[]];

  test.each<[path: string, says: string, source: string, rule: string | undefined]>([
    ['utils/misc.ts', 'has no place', '', place],
    ['index.ts', 'has no place', '', place],
    ['app.ts', 'imports gone.ts', "import './gone.js'", place],
    [
      'cli/cli.ts',
      'imports ../tests/support/builders.ts',
      "import { at } from '../../tests/support/builders.js'",
      place,
    ],
    ['app.ts', 'imports a computed path', 'await import(name)', place],
    [
      'app.ts',
      'imports a computed path',
      `await import(\`./adapters/\${name}.ts\`); await import(\`./flows/\${a}\${b}.ts\`)`,
      place,
    ],
    [
      'app.ts',
      'imports adapters/exchanges/*/exchange.ts',
      `await import(\`./adapters/exchanges/\${name}/exchange.ts\`)`,
      place,
    ],
    ['flows/check.ts', 'imports adapters/*.ts', `await import(\`./../adapters/\${name}.ts\`)`, flows],
    ['domain/price.ts', 'imports ky', "import ky from 'ky'", domain],
    ['domain/price.ts', 'imports flows/check.ts', "import {\n  check,\n} from '../flows/check.js'", domain],
    [
      'domain/price.ts',
      'imports flows/ports/ports.ts (types)',
      "type Ports = import('../flows/ports/ports.js').Ports",
      domain,
    ],
    ['domain/price.ts', 'imports node:crypto', "import { createHash, randomUUID } from 'node:crypto'", domain],
    ['domain/price.ts', 'imports node:fs/promises', "const read = () => import('node:fs/promises')", domain],
    ['flows/check.ts', 'imports adapters/http.ts', "export { get } from '../adapters/http.js'", flows],
    ['flows/check.ts', 'imports @aws-sdk/client-dynamodb', "export * from '@aws-sdk/client-dynamodb/dist'", flows],
    ['flows/check.ts', 'imports config.ts (types)', "import type { Config } from '../config.js'", flows],
    [
      'adapters/exchanges/bybit.ts',
      'imports flows/ports/ports.ts',
      "import { Ports } from '../../flows/ports/ports.js'",
      adapters,
    ],
    [
      'adapters/http.ts',
      'imports flows/check.ts (types)',
      "import type { Summary } from '../flows/check.js'",
      adapters,
    ],
    ['adapters/http.ts', 'imports config.ts', "import { readConfig } from '../config.js'", adapters],
    ['handlers/check.ts', 'imports adapters/http.ts', "import { createHttp } from '../adapters/http.js'", handlers],
    [
      'handlers/check.ts',
      'imports flows/check.ts',
      "import { check, type Summary } from '../flows/check.js'",
      handlers,
    ],
    ['app.ts', 'imports cli/cli.ts', "import './cli/cli.js'", cli],
    ['flows/check.ts', 'imports simulators/start.ts', "import './../simulators/start.js'", simulators],
    [
      'simulators/start.ts',
      'imports adapters/http.ts (types)',
      "import type { Http } from '../adapters/http.js'",
      simulators,
    ],
    ['app.ts', 'imports page/server/board.ts', "import './page/server/board.js'", page],
    ['page/protocol.ts', 'imports domain/price.ts', "import '../domain/price.js'", page],
    ['page/client/api.ts', 'imports flows/check.ts', "import '../../flows/check.js'", page],
    ['page/client/api.ts', 'imports node:crypto', "import { createHash } from 'node:crypto'", page],
    ['page/server/board.ts', 'imports adapters/http.ts', "import { get } from '../../adapters/http.js'", page],
    ['page/server/board.ts', 'imports page/client/api.ts', "import '../client/api.js'", page],
    ['app.ts', 'imports handlers/check.ts', "import { handler } from './handlers/check.js'", noHandlers],
    ['flows/check.ts', 'imports app.ts', "import { createApp } from '../app.js'", app],
    [
      'cli/cli.ts',
      'imports both adapters and flows',
      "import { get } from '../adapters/http.js'; import { check } from '../flows/check.js'",
      wiring,
    ],
    ...[
      ['const now = Date.now()', 'Date.now'],
      ['const clock = { now: Date.now }', 'Date.now'],
      ['const { now } = Date', 'Date'],
      ['const text = new Date().toISOString()', 'new Date()'],
      ['const date = new Date', 'new Date()'],
      ['const date = Date()', 'Date'],
      ['const key = process.env.KEY', 'process.env'],
      ['const { env } = process', 'process'],
      ["console.log('x')", 'console.log'],
      ['export const read = async () => (await fetch(url)).json()', 'fetch'],
      ['const ask = (get = fetch) => get(url)', 'fetch'],
      ['setTimeout(() => {}, 5)', 'setTimeout'],
      ['const chance = Math.random() as number', 'Math.random'],
      ["const chance = Math['random']()", 'Math.[]'],
      ["const clock = globalThis['Date']", 'globalThis.[]'],
      ['const id = crypto.randomUUID()', 'crypto.randomUUID'],
      ['const start = performance.now()', 'performance.now'],
    ].flatMap(([source = '', name]) =>
      ['domain/price.ts', 'flows/check.ts'].map((path): [string, string, string, string | undefined] => [
        path,
        `uses ${name}`,
        source,
        outside,
      ]),
    ),
  ])('finds that %s %s in: %s', (path, says, source, rule = '') =>
    expect(rules[rule]?.(has(path, source))).toEqual([`${path} ${says}`]),
  );

  const importing = (ways: Readonly<Record<string, readonly string[]>>): SourceFile[] =>
    Object.entries(ways).map(([name, statements]) => ({ path: `domain/${name}.ts`, source: statements.join(';\n') }));

  test.each<[name: string, ways: Parameters<typeof importing>[0], says: readonly string[]]>([
    ['a file that imports itself', { a: ["import './a.js'"] }, ['domain/a.ts → domain/a.ts']],
    [
      'two files, one by a type alone',
      { b: ["import { a } from './a.js'"], a: ["import type { B } from './b.js'"] },
      ['domain/a.ts → domain/b.ts → domain/a.ts'],
    ],
    [
      'three files, by every kind of import',
      { a: ["export { c } from './c.js'"], b: ["await import('./a.js')"], c: ["type B = import('./b.js').B"] },
      ['domain/a.ts → domain/c.ts → domain/b.ts → domain/a.ts'],
    ],
    [
      'a folder of which one file is named at run time',
      { a: [`await import(\`./\${name}.ts\`)`], b: ["import './a.js'"] },
      ['domain/a.ts → domain/a.ts'],
    ],
    [
      'two circles that share a file, and a way into them',
      {
        a: ["import './c.js'"],
        b: ["import './c.js'"],
        c: ["import './b.js'; import './d.js'"],
        d: ["import './c.js'"],
      },
      ['domain/b.ts → domain/c.ts → domain/b.ts', 'domain/c.ts → domain/d.ts → domain/c.ts'],
    ],
    [
      'no circle in two ways to one file',
      { a: ["import './b.js'; import './c.js'"], b: ["import './d.js'"], c: ["import './d.js'"], d: [] },
      [],
    ],
  ])('finds %s', (_, ways, says) => expect(rules[circles ?? '']?.(importing(ways))).toEqual(says));

  test.each<[path: string, source: string]>([
    ['domain/price.ts', "import { Big } from 'big.js'; import * as v from 'valibot'"],
    ['domain/price.ts', "import { createHash } from 'node:crypto'"],
    ['domain/price.ts', 'const day = new Date(now).getUTCDay(); const noon = Date.UTC(2026, 10, 20)'],
    ['domain/price.ts', "// Date.now()\nconst text = 'process.env, console.log'"],
    ['domain/price.ts', 'interface Ports { fetch(): Date; process: Date }'],
    ['flows/check.ts', 'const id = ports.now() + ports.fetch(run.process); const o = { fetch: 1, console: 2 }'],
    ['flows/check.ts', "import pLimit from 'p-limit'; import type { Price } from '../domain/price.js'"],
    ['adapters/http.ts', "import ky from 'ky'; import type { Ports } from '../flows/ports/ports.js'"],
    ['adapters/http.ts', 'const now = Date.now(); await fetch(process.env.URL)'],
    ['handlers/check.ts', "import { createApp } from '../app.js'; import type { X } from '../flows/check.js'"],
    ['app.ts', "import './adapters/http.js'; import './flows/check.js'; import './config.js'"],
    ['page/client/api.ts', "import { render } from 'preact'; import '../../domain/price.js'; import '../protocol.js'"],
    ['page/server/board.ts', "import { Hono } from 'hono'; import '../../flows/check.js'; import '../protocol.js'"],
    ['config.ts', "import { bybit } from './adapters/exchanges/bybit.js'"],
    ['cli/cli.ts', "import { createApp } from '../app.js'; import { get } from '../adapters/http.js'"],
  ])('has nothing against %s with: %s', (path, source) =>
    expect(Object.values(rules).flatMap((rule) => rule(has(path, source)))).toEqual([]),
  );
});
