import * as v from 'valibot';
import type { Table } from '../../domain/columns.js';
import { columnLetters } from '../../domain/fields/find-columns.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { Sheet, SheetError, SheetTabs } from '../../flows/ports/sheet.js';
import { rangeOf } from './a1.js';
import { createGoogleAnswers } from './google-answers.js';
import { createGoogleApi, type GoogleAccess } from './google-api.js';

export interface GoogleSheetSettings extends GoogleAccess {
  /** Left out, there is none to look for. */
  readonly usersTab?: string;
}

const isCell = (cell: unknown): boolean =>
  cell === null || typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean';

/** By hand, because a schema would copy every cell of the sheet. */
const isTable = (values: unknown): boolean =>
  Array.isArray(values) && values.every((row) => Array.isArray(row) && row.every(isCell));

/** An answer to another question has no `majorDimension`, and must not pass for an empty sheet. */
const Values = v.object({ majorDimension: v.literal('ROWS'), values: v.optional(v.custom<Table>(isTable), []) });
const ValuesBody = v.pipe(v.string(), v.parseJson(), Values);
/** In the order of the ranges that were asked for. */
const TwoValuesBody = v.pipe(v.string(), v.parseJson(), v.object({ valueRanges: v.strictTuple([Values, Values]) }));

const noValues: SheetError = {
  kind: 'bad-response',
  message: 'Google Sheets answered with something other than rows of values',
  remedy: "check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
};

function readValues(text: string): Result<Table, SheetError> {
  const body = v.safeParse(ValuesBody, text);
  return body.success ? ok(body.output.values) : err(noValues);
}

function readTwoValues(text: string): Result<SheetTabs, SheetError> {
  const body = v.safeParse(TwoValuesBody, text);
  if (!body.success) return err(noValues);
  const [alerts, users] = body.output.valueRanges;
  return ok({ alerts: alerts.values, users: ok(users.values) });
}

type ValueRenderOption = 'UNFORMATTED_VALUE' | 'FORMATTED_VALUE';

/** What the last read had to ask for after its own call, this one asks for beside it. */
function createAskAhead<T>(ask: (column: number) => Promise<T>) {
  let last: number | undefined;
  let ahead: { readonly column: number; readonly answer: Promise<T> } | undefined;
  return {
    begin(): void {
      ahead = last === undefined ? undefined : { column: last, answer: ask(last) };
      // It may be that nobody asks for it this time; whoever does, hears of a failure.
      ahead?.answer.catch(() => undefined);
      last = undefined;
    },
    ask(column: number): Promise<T> {
      const answer = ahead?.column === column ? ahead.answer : ask(column);
      last = column;
      ahead = undefined;
      return answer;
    },
  };
}

/**
 * One read call a run, asked again at most twice; never `loadInfo` or `getRows`, which are two calls and give text only.
 * Where percentages had to be read as they are shown, the next read asks for them beside its own call, and not after it.
 */
export function createGoogleSheet(settings: GoogleSheetSettings): Sheet {
  const { tab, usersTab } = settings;
  const api = createGoogleApi(settings, 'read');

  async function readFrom<T>(
    path: string,
    ranges: readonly string[],
    readBody: (text: string) => Result<T, SheetError>,
    valueRenderOption: ValueRenderOption = 'UNFORMATTED_VALUE',
  ): Promise<Result<T, SheetError>> {
    // Google's numbers as numbers: as text they would come in the spelling of the sheet's country.
    const answer = await api.get(path, [
      ...ranges.map((range) => ['ranges', range] as const),
      ['valueRenderOption', valueRenderOption],
      ['dateTimeRenderOption', 'FORMATTED_STRING'],
    ]);
    return answer.ok ? readBody(answer.value) : answer;
  }

  const askAlerts = () => readFrom(`/values/${encodeURIComponent(rangeOf(tab))}`, [], readValues);
  const askShown = (column: number) => {
    const letters = columnLetters(column);
    const range = `${rangeOf(tab)}!${letters}:${letters}`;
    return readFrom(`/values/${encodeURIComponent(range)}`, [], readValues, 'FORMATTED_VALUE');
  };
  const shown = createAskAhead(askShown);
  const read = () => {
    shown.begin();
    return askAlerts();
  };
  const readShown = shown.ask;
  const answers = createGoogleAnswers(settings);
  if (usersTab === undefined) return { read, readShown, answers };

  async function readWithAlerts(name: string): Promise<Result<SheetTabs, SheetError>> {
    shown.begin();
    const both = await readFrom('/values:batchGet', [rangeOf(tab), rangeOf(name)], readTwoValues);
    if (both.ok || both.error.kind !== 'no-such-tab') return both;
    // One of the two is not there; Google's words are no good to tell which.
    const alerts = await askAlerts();
    if (!alerts.ok) return alerts;
    const message = `the spreadsheet has no tab "${name}"`;
    return ok({ alerts: alerts.value, users: err({ kind: 'no-such-tab', message }) });
  }

  return {
    read,
    readShown,
    answers,
    users: { name: usersTab, isLookedForHourly: true, readWithAlerts: () => readWithAlerts(usersTab) },
  };
}
