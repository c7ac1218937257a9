import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Answer } from '../../src/simulators/faults.js';
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

const notOurs = {
  hyperliquid: 'no exchange of ours',
  drive: 'Drive is never asked: its time of change and its pushes come minutes late',
  metadata: 'rows are found by what stands in them, and none is tagged',
  request: 'no request of ours asks for this',
};

/** Recorded answers, or all of a service, that no call of ours is answered with, and why. */
const answersOfNoCall: Readonly<Record<string, string>> = {
  hyperliquid: notOurs.hyperliquid,
  'google_sheets/doc_drive_files_watch.json': notOurs.drive,
  'google_sheets/doc_drive_notification_update.json': notOurs.drive,
  'google_sheets/drive_files_get_modifiedTime_after_200.json': notOurs.drive,
  'google_sheets/drive_files_get_modifiedTime_before_200.json': notOurs.drive,
  'google_sheets/error_drive_watch_unauthorized_callback.json': notOurs.drive,
  'google_sheets/doc_createDeveloperMetadata.json': notOurs.metadata,
  'google_sheets/doc_developerMetadata_search.json': notOurs.metadata,
  'google_sheets/doc_values_batchGetByDataFilter.json': notOurs.metadata,
  'google_sheets/error_400_dataFilter_shape.json': notOurs.metadata,
  'pushover/mock_sounds_200.json': `${notOurs.request}: the sound is the user's choice`,
  'google_sheets/batchUpdate_POST_200.json': `${notOurs.request}: a named range`,
  'google_sheets/addProtectedRange_200.json': `${notOurs.request}: people protect`,
  'google_sheets/addProtectedRange_warningOnly_200.json': `${notOurs.request}: people protect`,
  'google_sheets/mergeCells_200.json': notOurs.request,
  'google_sheets/sortRange_200.json': `${notOurs.request}: people sort`,
};

/** What is wrong with the account of a service's recorded answers; `path` holds the services. */
export function coverageProblems(
  path: string,
  service: string,
  read: readonly string[],
  excused: Readonly<Record<string, string>>,
): readonly string[] {
  const isWhole = excused[service] !== undefined;
  const there = readdirSync(join(path, service));
  const known = Object.keys(excused).flatMap((name) =>
    name.startsWith(`${service}/`) ? [name.slice(service.length + 1)] : [],
  );
  const shown = (files: readonly string[], problem: string) =>
    [...new Set(files)].sort().map((file) => `captured/${service}/${file} ${problem}`);
  return [
    ...shown(
      isWhole ? [] : there.filter((file) => !read.includes(file) && !known.includes(file)),
      'is not covered: read it in a test, or say why not in tests/support/captured.ts',
    ),
    ...shown(
      read.filter((file) => isWhole || known.includes(file)),
      'is read in a test, and said to answer no call of ours',
    ),
    ...shown(
      [...read, ...known].filter((file) => !there.includes(file)),
      'is named, and is not there',
    ),
  ];
}

/** `read`: the files that tests read; red where a recorded answer of the service is neither among them nor excused. */
export function testCoverage(service: string, read: readonly string[]): void {
  const isThere = existsSync(join(folder, service));
  (isThere ? test : test.skip)(`every recorded answer of ${service} is read, or it is said why not`, () => {
    expect(coverageProblems(folder, service, read, answersOfNoCall)).toEqual([]);
  });
}

/** `file`: such as `pushover/doc_success_200.json`. */
export function captured(file: string): Captured {
  const { request, response } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const text = response.bodyText ?? (typeof response.body === 'string' ? response.body : JSON.stringify(response.body));
  return { url: request.url, request, status: response.status, headers: response.headers ?? {}, text };
}

/** As it was sent, but for what belongs to the connection; where no headers were recorded, with those of its form. */
export function answerOf({ status, text, headers }: Captured): Answer {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(content-length|content-encoding|transfer-encoding|connection|status)$/i.test(name),
  );
  const type = /^[[{]/.test(text) ? 'application/json' : 'text/plain';
  return { status, body: text, headers: { 'content-type': type, ...Object.fromEntries(kept) } };
}

/** A test that reads recorded answers; where one of them is not there it is skipped, and counted as such. */
export function testCaptured(title: string, files: readonly string[], run: () => Promise<void> | void): void {
  const isThere = files.every((file) => existsSync(join(folder, file)));
  (isThere ? test : test.skip)(title, run);
}

/** Services with recorded answers. */
export const capturedServices = (): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];
