import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';

interface Closable {
  close(): Promise<unknown>;
}

/** One for all tests of the file or `describe`: it has what `open` gives from the first of them on, and is closed after the last. */
export function oneForAll<T extends Closable>(open: () => Promise<T>): T {
  const held = {} as T;
  beforeAll(async () => void Object.assign(held, await open()));
  afterAll(() => held.close?.());
  return held;
}

/** A new one for each test, closed after it. */
export function oneForEach<T extends Closable>(open: () => Promise<T>): T {
  const held = {} as T;
  beforeEach(async () => void Object.assign(held, await open()));
  afterEach(() => held.close?.());
  return held;
}

/** A folder of its own, gone with its files when it is closed. */
export async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), 'trading-alerts-'));
  return {
    path,
    pathOf: (...names: string[]) => join(path, ...names),
    write: (name: string, content: string | Buffer) => writeFile(join(path, name), content),
    read: (name: string) => readFile(join(path, name), 'utf8'),
    close: () => rm(path, { recursive: true, force: true }),
  };
}
