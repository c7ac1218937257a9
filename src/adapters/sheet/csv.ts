import { readFile } from 'node:fs/promises';
import { CsvError, type Info, type Options, parse } from 'csv-parse/sync';
import type { Table } from '../../domain/columns.js';
import type { Problem } from '../../domain/problem.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { Sheet, SheetError } from '../../flows/ports/sheet.js';
import { errorCode } from '../error-code.js';

const delimiters = [',', ';', '\t', '|'];

/** The one the header has most of: spreadsheets write `;` where the comma is the decimal sign. */
export function delimiterOf(text: string): string {
  const [header = ''] = text.split('\n');
  const unquoted = header.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => unquoted.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

const optionsFor = (text: string): Options => ({
  delimiter: delimiterOf(text),
  record_delimiter: '\n',
  relax_column_count: true,
});

function quotingProblem(error: CsvError, text: string, path: string): Problem {
  if (error.code !== 'CSV_QUOTE_NOT_CLOSED') {
    return {
      message: `${path}, line ${error.lines}: a quote (") stands inside a cell`,
      remedy: 'put the whole cell in quotes, without spaces around them, and write each quote within it twice',
    };
  }
  // An open quote swallows the rest of the file, so the error's own line is the last one of all.
  const goodRows = Number(error.records);
  const good = goodRows > 0 ? parse(text, { ...optionsFor(text), to: goodRows, info: true }) : [];
  const { info } = (good.at(-1) ?? { info: { lines: 0 } }) as unknown as { info: Info };
  return { message: `${path}, line ${info.lines + 1}: a quote (") is opened and never closed` };
}

/** `path` is named in the error. */
export function readTable(text: string, path: string): Result<Table, SheetError> {
  // Files edited by hand mix them, and the parser would go by the first line.
  const lines = text.replace(/\r\n?/g, '\n');
  try {
    const rows = parse(lines, optionsFor(lines));
    return ok(rows.map((cells) => (cells.length === 1 && cells[0] === '' ? [] : cells)));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return err({ kind: 'bad-response', ...quotingProblem(error, lines, path) });
  }
}

/** `absent`: what is said where there is no such file. */
async function readCsv(path: string, absent: SheetError): Promise<Result<Table, SheetError>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return err(absent);
    return err({ ...absent, kind: 'no-such-sheet', message: `${path} cannot be read (${code ?? 'unknown error'})` });
  }
  try {
    return readTable(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path);
  } catch (error) {
    if (errorCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    const message = `${path} is not text in UTF-8`;
    const remedy = 'in the spreadsheet program, save it as "CSV UTF-8"';
    return err({ kind: 'bad-response', message, remedy });
  }
}

/** The file in place of the users' tab. Only where somebody named it, it has to be there. */
export interface CsvUsers {
  readonly path: string;
  readonly isNamed: boolean;
}

/** A file in place of the sheet: UTF-8, cells parted by `,` `;` tab or `|`. Every cell is text, and a blank line a row. */
export function createCsvSheet(path: string, users?: CsvUsers): Sheet {
  const remedy = 'name a CSV file with the columns symbol, condition and price with --sheet';
  const read = () => readCsv(path, { kind: 'no-such-sheet', message: `there is no file ${path}`, remedy });
  if (users === undefined) return { read };
  return {
    read,
    users: {
      name: users.path,
      isLookedForHourly: false,
      async readWithAlerts() {
        const kind = users.isNamed ? 'no-such-sheet' : 'no-such-tab';
        const named = users.isNamed && {
          remedy: 'name a CSV file with the column user_id with --users, or leave it out',
        };
        const noUsers = { kind, message: `there is no file ${users.path}`, ...named } as const;
        const [alerts, table] = await Promise.all([read(), readCsv(users.path, noUsers)]);
        return alerts.ok ? ok({ alerts: alerts.value, users: table }) : alerts;
      },
    },
  };
}
