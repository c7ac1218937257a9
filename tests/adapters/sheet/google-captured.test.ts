import { beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { createGoogleSheet } from '../../../src/adapters/sheet/google.js';
import { createGoogleAnswers } from '../../../src/adapters/sheet/google-answers.js';
import { createGoogleEditor } from '../../../src/adapters/sheet/google-editor.js';
import { createGoogleLayout } from '../../../src/adapters/sheet/google-layout.js';
import type { AnswerCell } from '../../../src/domain/answers/plan-answers.js';
import type { AnswerSheet } from '../../../src/flows/ports/answer-sheet.js';
import type { Sheet } from '../../../src/flows/ports/sheet.js';
import type { SheetEditor, SheetLayout } from '../../../src/flows/ports/sheet-editor.js';
import { batchUpdate } from '../../../src/simulators/google/batch-update.js';
import { reading } from '../../support/builders.js';
import { answerOf, captured, testCaptured, testCoverage } from '../../support/captured.js';
import { startTestGoogle } from '../../support/google-sheet.js';
import { oneForAll } from '../../support/lifetime.js';

const google = oneForAll(startTestGoogle);
let sheet: Sheet;
let answers: AnswerSheet;
let editor: SheetEditor;
let layout: SheetLayout;
beforeAll(() => {
  sheet = createGoogleSheet(google.access);
  answers = createGoogleAnswers(google.access);
  editor = createGoogleEditor(google.access);
  layout = createGoogleLayout(google.access);
});
const rows = [
  ['symbol', 'condition', 'price', 'active', 'id', 'status'],
  ['BTCUSDT', 'above', 95_000, true, 'own', ''],
  ['ETHUSDT', 'below', 2_000, true, 'other', ''],
];
beforeEach(() => google.reset(structuredClone(rows)));

const bodyOf = (file: string) => JSON.parse(captured(`google_sheets/${file}`).text);
const read: string[] = [];
/** A test of one recorded answer, which then counts as read. */
function testAnswer(file: string, title: string, run: () => Promise<void>): void {
  read.push(file);
  testCaptured(`${file}: ${title}`, [`google_sheets/${file}`], run);
}

/** Requests of this method get the recorded answer from the n-th on; `isDone`: and what they ask for is done. */
function answering(method: 'GET' | 'POST', file: string, { isDone = false, from = 1 } = {}): void {
  let asked = 0;
  google.traffic.fault = (request) => {
    if (request.method !== method || !request.path.startsWith('/v4/')) return undefined;
    asked += 1;
    if (asked < from) return undefined;
    if (isDone) batchUpdate(google.state, JSON.parse(request.body).requests);
    return { outcome: answerOf(captured(`google_sheets/${file}`)) };
  };
}

const context = { reading: reading(), stored: undefined };
const pause = () => editor.change({ id: 'own' }, { active: 'FALSE' }, context);
const add = () => editor.append({ symbol: 'SOLUSDT', condition: 'above', price: '100' }, context);
const remove = () => editor.remove({ id: 'own' }, context);
const cells = (...given: [row: number, column: number][]): AnswerCell[] =>
  given.map(([row, column]) => ({ row, column, value: 'armed' }));

async function write(...given: [row: number, column: number][]) {
  const opened = await answers.open();
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value.write(cells(...given), () => true);
}
const email = 'reader@simulated-project.iam.gserviceaccount.com';

describe('a recorded table is read as it stands', () => {
  for (const file of [
    'values_get_200_FORMATTED_VALUE.json',
    'values_get_200_FORMULA.json',
    'values_get_200_UNFORMATTED_FORMATTED_STRING.json',
    'values_get_200_UNFORMATTED_VALUE.json',
    'values_get_200_duplicate_headers.json',
    'values_get_200_empty_no_values_key.json',
    'values_get_200_grid.json',
    'values_get_after_nulls_200.json',
  ]) {
    testAnswer(file, 'each cell in its place', async () => {
      answering('GET', file);
      expect(await sheet.read()).toEqual({ ok: true, value: bodyOf(file).values ?? [] });
    });
  }

  testAnswer('values_batchGet_200.json', 'range by range', async () => {
    // It is of three ranges, and two are asked for.
    const [alerts, users, third] = bodyOf('values_batchGet_200.json').valueRanges;
    const both = createGoogleSheet({ ...google.access, usersTab: 'Users' });
    const readOf = (...valueRanges: object[]) => {
      google.traffic.fault = ({ method }) =>
        method === 'GET' ? { outcome: { status: 200, body: { valueRanges } } } : undefined;
      return both.users?.readWithAlerts();
    };
    expect(await readOf(alerts, users)).toEqual({
      ok: true,
      value: { alerts: alerts.values, users: { ok: true, value: users.values } },
    });
    expect(await readOf(alerts, users, third)).toMatchObject({ ok: false, error: { kind: 'bad-response' } });
  });

  for (const file of ['values_get_200_majorDimension_COLUMNS.json', 'spreadsheets_get_200.json']) {
    testAnswer(file, 'is no rows of values', async () => {
      answering('GET', file);
      expect(await sheet.read()).toEqual({
        ok: false,
        error: {
          kind: 'bad-response',
          message: 'Google Sheets answered with something other than rows of values',
          remedy: "check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
        },
      });
    });
  }
});

describe('a recorded refusal of a read', () => {
  const refusals: Readonly<Record<string, { kind: string; message: string; remedy: string }>> = {
    'error_400_unable_to_parse_range.json': {
      kind: 'no-such-tab',
      message: 'the spreadsheet has no tab "Alerts"',
      remedy: 'set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    },
    'error_403_service_disabled.json': {
      kind: 'api-disabled',
      message: `the Google Sheets API is not enabled in the project of ${email}`,
      remedy: "enable it in that project's API library in the Google Cloud console and wait a few minutes",
    },
    'error_404_spreadsheet_not_found.json': {
      kind: 'no-such-sheet',
      message: 'there is no such spreadsheet',
      remedy: "set GOOGLE_SHEETS_SPREADSHEET_ID to the part of the sheet's address between /d/ and /edit",
    },
    'spreadsheets_get_403_permission_denied.json': {
      kind: 'not-shared',
      message: 'the sheet is not shared',
      remedy: `share the sheet with ${email} as Viewer`,
    },
  };
  for (const [file, error] of Object.entries(refusals)) {
    testAnswer(file, 'is told to the check, to who edits and in the answers', async () => {
      answering('GET', file);
      const { message, remedy } = error;
      const refused = { ok: false, error };
      expect([await sheet.read(), await pause(), await layout.setUp()]).toEqual([refused, refused, refused]);
      expect(await answers.open()).toMatchObject({ ok: false, error: { message, remedy } });
      expect(google.calls()).toHaveLength(4);
    });
  }

  testAnswer('error_429_read_quota_per_user.json', 'is asked again twice, and then told with when', async () => {
    answering('GET', 'error_429_read_quota_per_user.json');
    const asksToWait = 'Google asks to wait: its limit of 60 calls a minute for one service account is used up';
    expect([await sheet.read(), await pause(), await answers.open()]).toEqual([
      {
        ok: false,
        error: {
          kind: 'quota',
          message: "Google's limit of 60 reads a minute for one service account is used up",
          remedy:
            'the next run reads again. Where that stays so, check less often or give this program a service account of its own',
        },
      },
      { ok: false, error: { kind: 'quota', message: asksToWait, remedy: 'try again in a minute' } },
      { ok: false, error: { message: asksToWait, remedy: 'the next check writes what is missing' } },
    ]);
    expect(google.calls()).toHaveLength(7);
  });
});

describe('a recorded refusal of a write', () => {
  const odd = {
    kind: 'bad-response',
    message: 'Google Sheets refused the edit for a reason that is not known here (HTTP 400)',
    remedy: "check GOOGLE_SHEETS_BASE_URL and SHEET_TAB, and whether a proxy answers in Google's place",
  };
  const refusals: Readonly<Record<string, { kind: string; message: string; remedy: string; answers?: string }>> = {
    'error_400_protected_range.json': {
      kind: 'protected',
      message: 'a cell of it is protected',
      remedy: `let ${email} edit it: Data → Protect sheets and ranges`,
      answers: 'row 2: protected; let the service account edit the answer columns: Data → Protect sheets and ranges',
    },
    'batchUpdate_400_whole_request_refused.json': odd,
    'batchUpdate_POST_400.json': odd,
    'values_update_PUT_400.json': odd,
    'spreadsheets_get_403_permission_denied.json': {
      kind: 'not-editor',
      message: 'the sheet is shared for reading only',
      remedy: `share the sheet with ${email} as an editor`,
    },
    'error_429_read_quota_per_user.json': {
      kind: 'quota',
      message: 'Google asks to wait: its limit of 60 calls a minute for one service account is used up',
      remedy: 'try again in a minute',
      answers:
        'Google asks to wait: its limit of 60 calls a minute for one service account is used up; the next check writes what is missing',
    },
  };
  for (const [file, { answers: inAnswers, ...error }] of Object.entries(refusals)) {
    testAnswer(file, 'ends every edit, which is not sent again, and changes nothing', async () => {
      answering('POST', file);
      const edits = [await pause(), await add(), await remove(), await layout.addColumns(['notes'])];
      expect(edits).toEqual(edits.map(() => ({ ok: false, error })));
      expect(google.calls()).toEqual(edits.flatMap(() => ['GET ', 'POST :batchUpdate']));
      expect(google.rows()).toEqual(rows);
      google.state.tabs.set('Alerts', []);
      expect(await layout.setUp()).toEqual({ ok: false, error });
      expect(google.rows()).toEqual([]);
    });

    testAnswer(file, 'is a line of the answers', async () => {
      answering('POST', file);
      const refused = [inAnswers ?? `${error.message}; ${error.remedy}`];
      expect(await write([2, 5])).toEqual({ written: 0, refused });
      expect(google.calls()).toEqual(['GET ', 'POST /values:batchUpdate']);
    });
  }
});

describe('a recorded answer to a write of several ranges', () => {
  testAnswer('values_batchUpdate_POST_200.json', 'as many cells are written as it says', async () => {
    answering('POST', 'values_batchUpdate_POST_200.json');
    const eight = [2, 3].flatMap((row) => [5, 6, 7, 8].map((column): [number, number] => [row, column]));
    expect(await write(...eight)).toEqual({ written: 8, refused: [] });
  });

  for (const file of [
    'values_append_POST_200.json',
    'values_update_PUT_200.json',
    'values_update_PUT_nulls_skip_200.json',
    'updateCells_200.json',
  ]) {
    testAnswer(file, 'is none, and nothing counts as written', async () => {
      answering('POST', file);
      expect(await write([2, 5], [3, 5])).toEqual({
        written: 0,
        refused: [
          "Google Sheets answered with something other than the number of cells; check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
        ],
      });
      expect(google.calls()).toEqual(['GET ', 'POST /values:batchUpdate']);
    });
  }
});

describe('a recorded protection', () => {
  const file = 'spreadsheets_get_with_protectedRanges_200.json';
  testAnswer(file, 'whom it lets in may write', async () => {
    answering('GET', file);
    expect(await write([2, 0])).toEqual({ written: 1, refused: [] });
  });

  testAnswer(file, 'whom it keeps out sends nothing', async () => {
    const body = bodyOf(file);
    delete body.sheets[0].protectedRanges[0].requestingUserCanEdit;
    google.traffic.fault = ({ method }) => (method === 'GET' ? { outcome: { status: 200, body } } : undefined);
    // A1 to B2 are protected.
    expect(await write([2, 1], [2, 2], [3, 1])).toEqual({
      written: 2,
      refused: ['row 2: protected; let the service account edit the answer columns: Data → Protect sheets and ranges'],
    });
    expect(google.rows().map((row) => row.slice(1, 3))).toEqual([
      ['condition', 'price'],
      ['above', 'armed'],
      ['armed', 2_000],
    ]);
  });
});

/** As recorded they come without the sheet, which is asked for: so the sheet is looked at. */
describe('a recorded answer to requests that shows nothing of the sheet', () => {
  const notYet = (what: string) => ({
    ok: false,
    error: {
      kind: 'lost',
      message: `Google Sheets did not answer; ${what} so far`,
      remedy: 'look at the sheet in a minute, and try again',
    },
  });
  const edited = { row: 2, id: 'own', shown: 'BTCUSDT above 95000', isChanged: true, notes: [] };
  const edits: Readonly<
    Record<string, { edit: () => Promise<unknown>; done: unknown; notDone: unknown; isOfEmpty?: true }>
  > = {
    'updateCells_200.json': {
      edit: pause,
      done: { ok: true, value: edited },
      notDone: notYet('row 2 (BTCUSDT above 95000) is as it was'),
    },
    'deleteDimension_ROWS_200.json': {
      edit: remove,
      done: {
        ok: true,
        value: {
          ...edited,
          notes: [
            expect.stringMatching(/^the hidden tab "trading-alerts removes a row \(\d+\)" may be left; delete it$/),
          ],
        },
      },
      notDone: notYet('row 2 (BTCUSDT above 95000) is there'),
    },
    'repeatCell_format_200.json': {
      edit: () => layout.setUp(),
      done: {
        ok: true,
        value: ['the tab "Alerts" has its columns, what to choose from, colours, and an example that is paused'],
      },
      notDone: notYet('nothing of it is in the sheet'),
      isOfEmpty: true,
    },
  };
  for (const [file, { edit, done, notDone, isOfEmpty }] of Object.entries(edits)) {
    testAnswer(file, 'what it did counts', async () => {
      if (isOfEmpty) google.reset([]);
      answering('POST', file, { isDone: true });
      expect(await edit()).toEqual(done);
    });

    testAnswer(file, 'what it did not do is told, and not sent again', async () => {
      if (isOfEmpty) google.reset([]);
      answering('POST', file);
      expect(await edit()).toEqual(notDone);
      expect(google.calls()).toEqual(['GET ', 'POST :batchUpdate', 'GET ']);
      expect(google.rows()).toEqual(isOfEmpty ? [] : rows);
    });
  }

  const insert = 'insertDimension_ROWS_200.json';
  const hit = 'rows were moved while row 2 (BTCUSDT above 95000) was removed, and the removal hit ETHUSDT below 2000';
  /** The rows change places between the read and the removal, and what puts the wrong one back gets the recorded answer. */
  const removeMoved = (isDone: boolean) => {
    answering('POST', insert, { isDone, from: 2 });
    google.before(2, () => google.rows().splice(1, 2, structuredClone(rows[2] ?? []), structuredClone(rows[1] ?? [])));
    return remove();
  };
  testAnswer(insert, 'a row that it put back is found', async () => {
    expect(await removeMoved(true)).toEqual({
      ok: false,
      error: { kind: 'moved', message: `${hit}, which was put back; nothing is changed`, remedy: 'try again' },
    });
    expect(google.rows().map((row) => row.slice(0, 6))).toEqual([rows[0], rows[2], rows[1]]);
  });

  testAnswer(insert, 'a row that it did not put back is told', async () => {
    expect(await removeMoved(false)).toEqual({
      ok: false,
      error: {
        kind: 'look',
        message: `${hit}, which could not be put back`,
        remedy: expect.stringMatching(
          /^look at the sheet; the hidden tab "trading-alerts removes a row \(\d+\)" holds the row$/,
        ),
      },
    });
  });
});

testCoverage('google_sheets', read);
