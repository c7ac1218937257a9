import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { sharedFolder } from './shared.js';

/** A recorded answer of a real service. */
export interface Captured {
  readonly url: string;
  /** As it was sent, where that was recorded. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

const folder = join(sharedFolder, 'captured');

/** Files of the folder that nobody names; none where there is no such folder. */
export const unnamedFiles = (path: string, named: readonly string[]): string[] =>
  existsSync(path)
    ? readdirSync(path)
        .filter((file) => !named.includes(file))
        .sort()
    : [];

/** `file`: such as `pushover/doc_success_200.json`. */
export function captured(file: string): Captured {
  const { request, response } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const text = response.bodyText ?? (typeof response.body === 'string' ? response.body : JSON.stringify(response.body));
  return { url: request.url, request, status: response.status, headers: response.headers ?? {}, text };
}

/** A test that reads recorded answers; where one of them is not there it is skipped, and counted as such. */
export function testCaptured(title: string, files: readonly string[], run: () => Promise<void> | void): void {
  const isThere = files.every((file) => existsSync(join(folder, file)));
  (isThere ? test : test.skip)(title, run);
}

/** Makes a `todo` of each recorded answer of the service that no test names: a new one is seen, and turns nothing red. */
export function listUncovered(service: string, covered: readonly string[]): void {
  for (const file of unnamedFiles(join(folder, service), covered)) {
    test.todo(`captured/${service}/${file} is not yet covered`);
  }
}

/** Services with recorded answers. */
export const capturedServices = (): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
