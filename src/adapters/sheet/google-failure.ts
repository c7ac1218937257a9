import * as v from 'valibot';
import type { EditProblem } from '../../domain/edit/problem.js';
import type { Problem } from '../../domain/problem.js';
import type { SheetError } from '../../flows/ports/sheet.js';

/** https://developers.google.com/workspace/sheets/api/troubleshoot-api-errors */
const ErrorBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    error: v.object({
      message: v.fallback(v.string(), ''),
      status: v.fallback(v.string(), ''),
      details: v.fallback(v.array(v.object({ reason: v.fallback(v.string(), '') })), []),
    }),
  }),
);

interface Asked {
  readonly tab: string;
  readonly clientEmail: string;
}

function read(text: string) {
  const body = v.safeParse(ErrorBody, text);
  return body.success ? body.output.error : { message: '', status: '', details: [] };
}

/**
 * Every status of a read but 200. Google's words choose the kind and are not passed on; the message says what to do. Long, because
 * it is one table.
 */
export function sheetFailure(status: number, text: string, { tab, clientEmail }: Asked): SheetError {
  const { message, status: code, details } = read(text);
  const reasons = details.map(({ reason }) => reason);
  if (status === 429 || reasons.includes('RATE_LIMIT_EXCEEDED')) {
    return {
      kind: 'quota',
      message: "Google's limit of 60 reads a minute for one service account is used up",
      remedy:
        'the next run reads again. Where that stays so, check less often or give this program a service account of its own',
    };
  }
  if (status >= 500) {
    return {
      kind: 'unavailable',
      message: `Google Sheets is out of order (HTTP ${status})`,
      remedy: 'the next run reads again',
    };
  }
  if (status === 404) {
    return {
      kind: 'no-such-sheet',
      message: 'there is no such spreadsheet',
      remedy: "set GOOGLE_SHEETS_SPREADSHEET_ID to the part of the sheet's address between /d/ and /edit",
    };
  }
  if (status === 400 && message.startsWith('Unable to parse range')) {
    return {
      kind: 'no-such-tab',
      message: `the spreadsheet has no tab "${tab}"`,
      remedy: 'set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    };
  }
  if (status === 400 && /not supported for this document/.test(message)) {
    return {
      kind: 'no-such-sheet',
      message: 'the file is no Google spreadsheet but an Office file',
      remedy: 'open it, choose File → Save as Google Sheets, and set GOOGLE_SHEETS_SPREADSHEET_ID from the new address',
    };
  }
  if (status === 401) {
    return {
      kind: 'bad-key',
      message: `Google does not accept the access token of ${clientEmail}`,
      remedy: 'check that the service account is enabled, or put a new key of it into the secret',
    };
  }
  if (reasons.includes('SERVICE_DISABLED')) {
    return {
      kind: 'api-disabled',
      message: `the Google Sheets API is not enabled in the project of ${clientEmail}`,
      remedy: "enable it in that project's API library in the Google Cloud console and wait a few minutes",
    };
  }
  if (status === 403 && code === 'PERMISSION_DENIED') {
    return {
      kind: 'not-shared',
      message: 'the sheet is not shared',
      remedy: `share the sheet with ${clientEmail} as Viewer`,
    };
  }
  return {
    kind: 'bad-response',
    message: `Google Sheets refused the read for a reason that is not known here (HTTP ${status})`,
    remedy: "check GOOGLE_SHEETS_BASE_URL and SHEET_TAB, and whether a proxy answers in Google's place",
  };
}

/** Every status of a write but 200. Google refuses a protected cell with a 400, and everything that was sent with it. */
export function writeFailure(status: number, text: string, asked: Asked): EditProblem | SheetError {
  const { message, status: code, details } = read(text);
  const failure = sheetFailure(status, text, asked);
  if (status >= 500) return { kind: 'lost', message: failure.message, remedy: 'look at the sheet, and try again' };
  if (failure.kind === 'quota') return asksToWait;
  if (status === 400 && /protected cell or object/.test(message)) {
    return {
      kind: 'protected',
      message: 'a cell of it is protected',
      remedy: `let ${asked.clientEmail} edit it: Data → Protect sheets and ranges`,
    };
  }
  const isDisabled = details.some(({ reason }) => reason === 'SERVICE_DISABLED');
  if (status === 403 && code === 'PERMISSION_DENIED' && !isDisabled) {
    return {
      kind: 'not-editor',
      message: 'the sheet is shared for reading only',
      remedy: `share the sheet with ${asked.clientEmail} as an editor`,
    };
  }
  if (failure.kind !== 'bad-response') return failure;
  return {
    ...failure,
    message: `Google Sheets refused the edit for a reason that is not known here (HTTP ${status})`,
  };
}

const asksToWait: SheetError = {
  kind: 'quota',
  message: 'Google asks to wait: its limit of 60 calls a minute for one service account is used up',
  remedy: 'try again in a minute',
};

/** What a person who edits is told of a read that failed: there is no next run that reads again. */
export function forEdit<E extends SheetError | EditProblem>(error: E): E | SheetError {
  if (error.kind === 'quota') return asksToWait;
  return error.kind === 'unavailable' ? { ...error, remedy: 'nothing was changed; try again' } : error;
}

const passing: readonly (EditProblem | SheetError)['kind'][] = ['lost', 'quota', 'unavailable'];

/** What is said where nobody need do anything: what passes by itself, the next check makes good. */
export const forNextCheck = (error: EditProblem | SheetError): Problem =>
  passing.includes(error.kind) ? { message: error.message, remedy: 'the next check writes what is missing' } : error;
