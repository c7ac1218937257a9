import { availableParallelism } from 'node:os';

// The AWS SDK's farewell to Node 20 would fill the report.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Sources stay ES modules: p-limit and google-spreadsheet are published as nothing else. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/tests/support/fuzz-seed.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
    '^.+\\.tsx$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // No measure of speed: only what hangs for good shall fail, however busy the machine.
  testTimeout: 600_000,
  // The default leaves a core to whoever watches: on two cores that is one test file at a time. Files that wait for a
  // service's patience leave room for another one beside them.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // What a file has loaded stays with its worker, and clearing that up again and again takes longer than a new worker.
  workerIdleMemoryLimit: '700MB',
};
