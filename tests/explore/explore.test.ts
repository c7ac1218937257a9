import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { explore } from './explore.js';
import { readMinutes } from './minutes.js';
import { allParts, type Part } from './parts.js';
import { type Failure, failuresIn } from './play.js';

const parts: Part[] = [
  { name: 'faults', seedName: 'FAULTS_SEED', files: ['tests/faults.test.ts'] },
  { name: 'fuzz', seedName: 'FUZZ_SEED', files: ['tests/a.test.ts', 'tests/b.test.ts'] },
];
const failure: Failure = { file: 'tests/b.test.ts', title: 'nothing is lost', message: 'expected 0\ngot 1' };

/** Each part takes a minute; the seeds count from 1. */
async function explored(minutes: number, failing: Readonly<Record<number, readonly Failure[]>> = {}) {
  let now = 0;
  let seed = 0;
  const told: string[] = [];
  const printed: string[] = [];
  const commands = await explore({
    parts,
    minutes,
    now: () => now,
    drawSeed: () => {
      seed += 1;
      return seed;
    },
    play: async (_, drawn) => {
      now += 60_000;
      return failing[drawn] ?? [];
    },
    tell: (line) => told.push(line),
    print: (line) => printed.push(line),
  });
  return { commands, told, printed };
}

describe('an exploration', () => {
  test('plays every part in turn, each with a new seed, until the time is over', async () => {
    expect(await explored(3)).toEqual({
      commands: [],
      told: [
        '60 s: round 1, faults, FAULTS_SEED=1: well (60 s)',
        '120 s: round 1, fuzz, FUZZ_SEED=2: well (60 s)',
        '180 s: round 2, faults, FAULTS_SEED=3: well (60 s)',
      ],
      printed: ['3 seeds in 180 s, none failed'],
    });
  });

  test('plays each part once, however short the time', async () => {
    expect((await explored(0.1)).told).toHaveLength(2);
  });

  test('goes on after a failure, and gives the command that repeats it', async () => {
    const { commands, told, printed } = await explored(4, { 2: [failure, { ...failure, title: 'another' }] });
    expect(commands).toEqual(['FUZZ_SEED=2 npm test -- tests/b.test.ts']);
    expect(told).toHaveLength(4);
    expect(told[1]).toBe('120 s: round 1, fuzz, FUZZ_SEED=2: 2 failed (60 s)');
    expect(printed).toEqual([
      '\nFUZZ_SEED=2 npm test -- tests/b.test.ts\n  nothing is lost\n    expected 0\n    got 1\n',
      '\nFUZZ_SEED=2 npm test -- tests/b.test.ts\n  another\n    expected 0\n    got 1\n',
      '4 seeds in 240 s, these failed:',
      '  FUZZ_SEED=2 npm test -- tests/b.test.ts',
    ]);
  });
});

test('the parts are the tests of the campaign, of the proofs and of everything that fast-check draws for', () => {
  const files = Object.fromEntries(allParts().map((part) => [part.seedName, part.files]));
  expect(files).toMatchObject({
    FAULTS_SEED: ['tests/faults/campaign.test.ts'],
    PROOF_SEED: ['tests/proof/production.test.ts', 'tests/proof/replay.test.ts'],
    FUZZ_SEED: expect.arrayContaining(['tests/domain/price.test.ts', 'tests/fuzz/bodies.test.ts']),
  });
  expect(
    Object.values(files)
      .flat()
      .filter((file) => !existsSync(file)),
  ).toEqual([]);
});

test('what failed is read from what jest says', () => {
  const result = (status: string, fullName: string, failureMessages: string[] = []) => {
    return { status, fullName, failureMessages };
  };
  const bad = result('failed', 'a b', ['one', 'two']);
  const testResults = [
    { name: '/here/tests/a.test.ts', status: 'passed', message: '', assertionResults: [result('passed', 'a')] },
    { name: '/here/tests/b.test.ts', status: 'failed', message: 'b', assertionResults: [result('passed', 'a'), bad] },
    { name: '/here/tests/c.test.ts', status: 'failed', message: 'cannot be loaded', assertionResults: [] },
  ];
  expect(failuresIn({ testResults }, '/here')).toEqual([
    { file: 'tests/b.test.ts', title: 'a b', message: 'one\ntwo' },
    { file: 'tests/c.test.ts', title: 'the file itself', message: 'cannot be loaded' },
  ]);
});

describe('--minutes', () => {
  test.each([
    { given: [], expected: 5 },
    { given: ['--minutes', '20'], expected: 20 },
    { given: ['--minutes=0.5'], expected: 0.5 },
  ])('$given are $expected', ({ given, expected }) => {
    expect(readMinutes(given)).toEqual({ ok: true, value: expected });
  });

  test.each([
    [['--minutes', 'abc']],
    [['--minutes', '0']],
    [['--minutes=-1']],
    [['--minutes', '1e3']],
    [['--minutes']],
    [['--minutes', '5', '6']],
    [['--hours', '1']],
    [['5']],
  ])('%j are refused', (given) => {
    const error = `expected --minutes with a number above zero, as in: npm run test:explore -- --minutes 5; got "${given.join(' ')}"`;
    expect(readMinutes(given)).toEqual({ ok: false, error });
  });
});
