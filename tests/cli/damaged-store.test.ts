import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestLaptop, type TestLaptop } from '../support/laptop.js';

let laptop: TestLaptop;
let store: string;
const soundCopy = () => join(laptop.folder, 'sound');

/** An older alert that LevelDB has moved into a table, and a newer one that stands in its log. */
beforeAll(async () => {
  laptop = await openTestLaptop();
  store = join(laptop.folder, '.trading-alerts');
  const rows = (...targets: number[]) =>
    laptop.write(
      'alerts.csv',
      ['symbol,condition,price', ...targets.map((target) => `BTCUSDT,above,${target}`)].join('\n'),
    );
  await rows(99001);
  await laptop.runHere('check');
  await rows(99001, 99002);
  await laptop.runHere('check');
  await cp(store, soundCopy(), { recursive: true });
});
beforeEach(async () => {
  await rm(store, { recursive: true });
  await cp(soundCopy(), store, { recursive: true });
});
afterAll(() => laptop.close());

const filesLike = async (pattern: RegExp): Promise<string[]> => {
  const tables = join(store, 'tables');
  const found = (await readdir(tables)).filter((name) => pattern.test(name)).map((name) => join(tables, name));
  expect(found).not.toEqual([]);
  return found;
};

const spoilers = {
  'is gone': (file: string) => rm(file),
  'is empty': (file: string) => writeFile(file, ''),
  'has wrong bytes': async (file: string) => {
    const bytes = await readFile(file);
    const middle = bytes.length >> 1;
    await writeFile(file, bytes.fill(0xff, middle, Math.min(middle + 12, bytes.length)));
  },
};

const files = { CURRENT: /^CURRENT$/, MANIFEST: /^MANIFEST/, 'a table': /\.ldb$/, 'the log': /\.log$/ };

const complaint = {
  code: 1,
  signal: null,
  stdout: '',
  stderr: expect.stringMatching(
    /^the alerts stored in \.trading-alerts\/tables are damaged: .+; put back a copy of the folder, or delete it: the next check makes it anew and arms every row of the sheet afresh\n$/,
  ),
};

describe('the folder and the remedy are named where', () => {
  test.each(
    Object.entries(files).flatMap(([file, pattern]) =>
      Object.entries(spoilers)
        .map(([fault, spoil]) => ({ file, fault, pattern, spoil }))
        // As a program leaves it that is killed before its first write.
        .filter(({ fault }) => file !== 'the log' || fault !== 'is empty'),
    ),
  )('$file $fault', async ({ pattern, spoil }) => {
    await Promise.all((await filesLike(pattern)).map(spoil));
    expect(await laptop.runHere('list')).toEqual(complaint);
  });
});

test('a second look finds the same, and a check does too', async () => {
  await Promise.all((await filesLike(files['the log'])).map(spoilers['has wrong bytes']));
  for (const command of ['list', 'list', 'check']) expect(await laptop.run(command)).toEqual(complaint);
  expect(await readdir(store)).not.toContain('copy');
});

test('the remedy is one', async () => {
  await Promise.all((await filesLike(files.CURRENT)).map(spoilers['is gone']));
  await rm(join(store, 'tables'), { recursive: true });
  expect(await laptop.runHere('check')).toMatchObject({ code: 0, stderr: '' });
  expect((await laptop.runHere('list')).stdout).toMatch(/99001[\s\S]+99002/);
});

test('a damaged lock is told apart: it holds no alerts', async () => {
  await writeFile(join(store, 'lock', 'CURRENT'), 'MANIFEST');
  const ended = await laptop.runHere('list');
  expect(ended).toMatchObject({
    code: 1,
    stderr: 'the folder .trading-alerts/lock is damaged (LEVEL_CORRUPTION); delete it, it holds no alerts\n',
  });
  await rm(join(store, 'lock'), { recursive: true });
  expect((await laptop.runHere('list')).stdout).toContain('99002');
});

test('a folder that was begun and holds nothing yet is sound', async () => {
  await rm(store, { recursive: true });
  await mkdir(join(store, 'tables'), { recursive: true });
  await writeFile(join(store, 'tables', 'LOCK'), '');
  expect(await laptop.runHere('list')).toMatchObject({ code: 0, stderr: '' });
});
