import { blankOrBroken, isBlank, readUser, shownBriefly, textOf } from './cell.js';
import { type Cell, headerName, type Table } from './columns.js';
import { cutText } from './cut-text.js';
import { columnLetters } from './fields/find-columns.js';
import { type Notify, readNotify } from './fields/notify.js';
import { type QuietHours, readQuietHours } from './quiet-hours.js';
import { err, ok, type Result } from './result.js';
import { isTimeZone } from './time-zone.js';

/** How a user wishes to be told, beside what the rows say. */
export interface UserSettings {
  readonly user: string;
  /** An IANA name; undefined: the owner's. */
  readonly timeZone: string | undefined;
  readonly quiet: QuietHours | undefined;
  /** For rows that name no channel; none: all that the user has. */
  readonly notify: Notify;
}

/** Who may stand in the tab, as in `Reading`. */
export interface KnownUsers {
  readonly knownUsers: readonly string[] | undefined;
  readonly channelNames: readonly string[];
  readonly channels: ReadonlyMap<string, readonly string[]> | undefined;
}

export interface UserRows {
  readonly settings: readonly UserSettings[];
  readonly errors: readonly { readonly row: number; readonly message: string }[];
  readonly warnings: readonly string[];
}

/** By their titles, with the spellings that a header may have. */
const spellings = {
  user_id: ['userid', 'user'],
  time_zone: ['timezone'],
  quiet: ['quiet', 'quiethours'],
  notify: ['notify'],
} as const;

type Title = keyof typeof spellings;
type Cells = Readonly<Record<Title, Cell>>;
const titles = Object.keys(spellings) as Title[];

const namesTitle = (title: Title, name: string): boolean => spellings[title].some((spelling) => spelling === name);

/** The error is a sentence about the header. */
function findTitles(header: readonly Cell[]): Result<ReadonlyMap<Title, readonly number[]>, string> {
  const names = header.map(headerName);
  const places = new Map(
    titles.map((title) => [title, names.flatMap((name, place) => (namesTitle(title, name) ? [place] : []))] as const),
  );
  if ((places.get('user_id') ?? []).length > 0) return ok(places);
  const came = header.map((cell) => cutText(textOf(cell), 40)).filter(Boolean);
  const shown = came.length > 0 ? cutText(came.join(', '), 200) : 'nothing';
  return err(
    `the first row must name the column user_id, and as you like time_zone, quiet and notify; it holds: ${shown}.` +
      ' Where the tab is about something else, set USERS_TAB to another name',
  );
}

const warningsOf = (places: ReadonlyMap<Title, readonly number[]>): readonly string[] =>
  [...places].flatMap(([title, [first = 0, ...more]]) =>
    more.length === 0
      ? []
      : [
          `the column "${title}" stands twice (${[first, ...more].map(columnLetters).join(' and ')}); column ${columnLetters(first)} is read`,
        ],
  );

function readTimeZone(cell: Cell): Result<string | undefined, string> {
  if (isBlank(cell)) return ok(undefined);
  const example = 'Europe/Berlin, America/New_York or UTC';
  const problem = blankOrBroken('time_zone', cell, example);
  if (problem !== undefined) return err(problem);
  const name = textOf(cell).replace(/\s+/gu, '_');
  // An offset, such as +03:00, knows no summer.
  if (/^\p{L}/u.test(name) && name.length <= 64 && isTimeZone(name)) return ok(name);
  return err(
    `time_zone: expected a name of the IANA list, such as ${example}, or a blank cell, got ${shownBriefly(cell)}`,
  );
}

/** A wrong cell leaves what the tab last said there. */
function readRow(user: string, cells: Cells, known: KnownUsers, kept: UserSettings | undefined) {
  const timeZone = readTimeZone(cells.time_zone);
  const quiet = readQuietHours(cells.quiet);
  const notify = readNotify(cells.notify, { user, known: known.channelNames, own: known.channels?.get(user) });
  const settings: UserSettings = {
    user,
    timeZone: timeZone.ok ? timeZone.value : kept?.timeZone,
    quiet: quiet.ok ? quiet.value : kept?.quiet,
    notify: notify.ok ? notify.value : (kept?.notify ?? []),
  };
  return { settings, problems: [timeZone, quiet, notify].flatMap((read) => (read.ok ? [] : [read.error])) };
}

/** `kept`: what the tab last said. The error is a sentence about the header, without which no row can be read. */
export function readUserRows(
  [header = [], ...below]: Table,
  known: KnownUsers,
  kept: readonly UserSettings[],
): Result<UserRows, string> {
  const found = findTitles(header);
  if (!found.ok) return found;
  const settings = new Map<string, UserSettings>();
  const rowOf = new Map<string, number>();
  const errors: { row: number; message: string }[] = [];
  for (const [index, cells] of below.entries()) {
    const row = index + 2;
    const named = Object.fromEntries(
      titles.map((title) => [title, cells[found.value.get(title)?.[0] ?? -1]]),
    ) as unknown as Cells;
    if (titles.every((title) => isBlank(named[title]))) continue;
    const user = readUser(named.user_id, known.knownUsers);
    if (!user.ok) {
      errors.push({ row, message: user.error });
      continue;
    }
    const first = rowOf.get(user.value);
    if (first !== undefined) {
      errors.push({ row, message: `the same user as row ${first}, which counts; delete one of the two` });
      continue;
    }
    rowOf.set(user.value, row);
    const read = readRow(
      user.value,
      named,
      known,
      kept.find((each) => each.user === user.value),
    );
    settings.set(user.value, read.settings);
    if (read.problems.length > 0) errors.push({ row, message: read.problems.join('. ') });
  }
  return ok({ settings: [...settings.values()], errors, warnings: warningsOf(found.value) });
}
