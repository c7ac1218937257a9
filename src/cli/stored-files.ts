import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { errorCode } from '../adapters/error-code.js';

/** The part of https://github.com/Level/level that is used. */
export interface LevelDatabase extends AsyncIterable<unknown> {
  open(): Promise<void>;
  close(): Promise<void>;
  iterator(): AsyncIterable<unknown>;
}

type Level = new (path: string, options?: { valueEncoding: 'json' }) => LevelDatabase;

/** dynalite's own. */
export function createLevel(path: string, options?: { valueEncoding: 'json' }): LevelDatabase {
  const require = createRequire(import.meta.url);
  const { Level } = createRequire(require.resolve('dynalite'))('level') as { Level: Level };
  return new Level(path, options);
}

/** An error of LevelDB stands below one that says only that it did not open. */
export const levelCode = (error: unknown): string =>
  errorCode(isNativeError(error) && error.cause !== undefined ? error.cause : error) ?? 'unknown error';

/** Everything but its lock and its own log. https://github.com/google/leveldb/blob/main/doc/impl.md */
const holdsData = (name: string): boolean => /^(CURRENT|MANIFEST-\d+|\d+\.(ldb|log))$/.test(name);

/** LevelDB would begin anew, or go on without what was stored last. */
function missingFile(names: readonly string[]): string | undefined {
  const hasLog = names.some((name) => name.endsWith('.log'));
  const hasCurrent = names.includes('CURRENT');
  if (!hasCurrent && names.some((name) => /\.(ldb|log)$/.test(name))) return 'its file CURRENT is missing';
  if (hasCurrent && !hasLog) return 'its newest .log file is missing';
  return undefined;
}

async function readThrough(path: string): Promise<string | undefined> {
  const database = createLevel(path, { valueEncoding: 'json' });
  try {
    await database.open();
    for await (const _ of database.iterator());
    await database.close();
  } catch (error) {
    await database.close();
    return levelCode(error);
  }
  // What it cannot read of the newest writes it leaves out, and says so there alone.
  const told = await readFile(join(path, 'LOG'), 'utf8');
  return /dropping \d+ bytes/.test(told) ? 'its newest .log file cannot be read' : undefined;
}

/**
 * What is wrong with the files of a LevelDB that nobody uses; undefined where all can be read, or there are none yet.
 * They are read in a copy: opening repairs by leaving out, and the next look would find nothing wrong.
 */
export async function findDamage(path: string, copy: string): Promise<string | undefined> {
  const all = await readdir(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const names = all.filter(holdsData);
  const missing = missingFile(names);
  if (missing !== undefined || !names.includes('CURRENT')) return missing;
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  try {
    await Promise.all(names.map((name) => copyFile(join(path, name), join(copy, name))));
    return await readThrough(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
