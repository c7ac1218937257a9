import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { built, programs } from './lab.js';
import { median } from './measure.js';

export interface Started {
  readonly node: string;
  readonly runs: number;
  readonly bundleKb: number;
  readonly bundleMs: number;
  readonly referenceKb: number;
  readonly referenceMs: number;
  readonly ratio: number;
}

const run = promisify(execFile);
const root = built('../..');

/** Ours but for the last, which reads the sheet's key in most programs of this kind. */
const packages = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/lib-dynamodb',
  '@aws-sdk/client-secrets-manager',
  'google-spreadsheet',
  'p-limit',
  'valibot',
];
const foreign = { 'google-auth-library': '^10', node: '24' };

/** A program that uses each of them and does nothing. */
const reference = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateQuery, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GoogleSpreadsheet } from 'google-spreadsheet';
import { JWT } from 'google-auth-library';
import pLimit from 'p-limit';
import * as v from 'valibot';
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sheet = new GoogleSpreadsheet('simulated', new JWT({ email: 'reader@example.com' }));
const Row = v.object({ symbol: v.pipe(v.string(), v.trim()), price: v.union([v.number(), v.string()]) });
export const used = [table, new SecretsManagerClient({}), sheet, pLimit(10), v.safeParse(Row, {})];
export const commands = [GetCommand, paginateQuery, PutCommand, UpdateCommand, GetSecretValueCommand];
`;

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

async function buildReference(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const versions = Object.fromEntries(packages.map((name) => [name, manifest.dependencies[name]]));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies: { ...versions, ...foreign } }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder, timeout: 120_000 });
  const [entry, bundle] = [join(folder, 'reference.mjs'), join(folder, 'bundle.mjs')];
  await writeFile(entry, reference);
  // The very options of the Lambda's own bundle.
  const command = (manifest.scripts['build:lambda'] ?? '')
    .replace('src/handlers/check.ts', entry)
    .replace('dist/check.mjs', bundle);
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  await run('sh', ['-c', command], { cwd: root, env: { ...process.env, PATH: path } });
  return bundle;
}

async function loadMs(node: string, path: string): Promise<number> {
  const script = `const begun = performance.now(); await import(${JSON.stringify(path)}); process.stdout.write(String(performance.now() - begun)); process.exit();`;
  const environment = {
    PATH: process.env.PATH,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_REGION: 'eu-central-1',
    GOOGLE_SHEETS_SPREADSHEET_ID: 'simulated',
  };
  const { stdout } = await run(node, ['--input-type=module', '--eval', script], { env: environment });
  return Number(stdout);
}

const kilobytes = async (path: string): Promise<number> => (await stat(path)).size / 1000;

/**
 * The bundle beside a bundle of the packages that a program of this kind is made of, loaded in turns on Lambda's own
 * Node. The error says why it could not be measured.
 */
export async function measureStartUp(runs = 25): Promise<Started | { readonly skipped: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'start-up-'));
  try {
    const bundle = await buildReference(folder);
    const node = join(folder, 'node_modules/.bin/node');
    const times: [number, number][] = [];
    for (let time = 0; time < runs; time += 1) {
      times.push([await loadMs(node, programs['trading-alerts']), await loadMs(node, bundle)]);
    }
    const [bundleMs, referenceMs] = [median(times.map(([ours]) => ours)), median(times.map(([, other]) => other))];
    return {
      node: (await run(node, ['--version'])).stdout.trim(),
      runs,
      bundleKb: await kilobytes(programs['trading-alerts']),
      bundleMs,
      referenceKb: await kilobytes(bundle),
      referenceMs,
      ratio: bundleMs / referenceMs,
    };
  } catch (error) {
    const [firstLine] = String(error instanceof Error ? error.message : error).split('\n');
    return { skipped: `its packages could not be installed or built (${firstLine}); is the npm registry reachable?` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
