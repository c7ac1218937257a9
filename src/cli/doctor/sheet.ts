import type { Http } from '../../adapters/http.js';
import type { Keys } from '../../adapters/notifiers/keys.js';
import { channelNames } from '../../adapters/notifiers/registry.js';
import { createCsvSheet } from '../../adapters/sheet/csv.js';
import { createGoogleSheet } from '../../adapters/sheet/google.js';
import type { Table } from '../../domain/columns.js';
import type { Result } from '../../domain/result.js';
import type { KnownUsers } from '../../domain/users.js';
import type { SheetError } from '../../flows/ports/sheet.js';
import { type Finding, right, skipped, wrong, wrongAs } from './findings.js';
import { readTable, tableFindings } from './rows.js';
import type { SecretReading } from './secret.js';
import type { Outside, Surroundings } from './surroundings.js';

/** The stages of reading Google's sheet; an error of one says that those before it are right. */
const stages = ['google', 'sheet', 'tab'] as const;
const stageOf: Readonly<Record<SheetError['kind'], (typeof stages)[number]>> = {
  'bad-key': 'google',
  'api-disabled': 'google',
  quota: 'google',
  unavailable: 'google',
  'bad-response': 'google',
  'no-such-sheet': 'sheet',
  'not-shared': 'sheet',
  'no-such-tab': 'tab',
};

const tryAgain = 'try again in a minute; where that stays so, check the network';
const newKey = 'make a new key for the service account, and a new secret from its file with trading-alerts secret';

function sheetFailure(check: string, error: SheetError): Finding {
  const isPassing = error.kind === 'quota' || error.kind === 'unavailable';
  if (isPassing) return wrong(check, error.message, tryAgain);
  return wrongAs(check, error, error.kind === 'bad-key' ? newKey : tryAgain);
}

function googleFindings(read: Result<Table, SheetError>, email: string, tab: string): Finding[] {
  const failedAt = read.ok ? stages.length : stages.indexOf(stageOf[read.error.kind]);
  const details = {
    google: `accepts ${email}`,
    sheet: `there, and shared with ${email}`,
    tab: `"${tab}" is there`,
  };
  return stages.map((stage, position) => {
    if (position < failedAt) return right(stage, details[stage]);
    if (position > failedAt || read.ok) return skipped(stage, 'the sheet could not be read so far');
    return sheetFailure(stage, read.error);
  });
}

const unread = ['header', 'rows'].map((check) => skipped(check, 'the sheet could not be read'));

/** As a check knows them, so that the doctor finds the same rows wrong. */
function knownTo(secret: Keys | undefined): KnownUsers {
  const channels = secret && new Map([...secret.users].map(([name, own]) => [name, Object.keys(own)]));
  return { knownUsers: channels && [...channels.keys()], channelNames, channels };
}

const googleVariables = [
  'GOOGLE_SHEETS_SPREADSHEET_ID',
  'SHEET_TAB',
  'GOOGLE_SHEETS_BASE_URL',
  'GOOGLE_TOKEN_URL',
] as const;

export async function examineGoogleSheet(
  { config, reasonToSkip }: Surroundings,
  { secret, reasonMissing }: SecretReading,
  http: Http,
  { now, timeoutMs }: Outside,
): Promise<Finding[]> {
  const reason = reasonToSkip(...googleVariables) ?? (secret === undefined ? reasonMissing : undefined);
  if (reason !== undefined || secret === undefined) return [skipped('sheet', reason ?? reasonMissing)];
  const account = secret.googleServiceAccount;
  const sheet = createGoogleSheet({
    spreadsheetId: config.spreadsheetId,
    tab: config.sheetTab,
    baseUrl: config.googleSheetsBaseUrl,
    tokenUrl: config.googleTokenUrl,
    account: async () => account,
    http,
    now,
    timeoutMs,
    pauseMs: Math.min(1_000, timeoutMs / 5),
  });
  const read = await readTable(sheet);
  const reading = { ...knownTo(secret), now: now(), timeZone: config.timeZone };
  const access = googleFindings(read, account?.client_email ?? '', config.sheetTab);
  return [...access, ...(read.ok ? tableFindings(read.value, reading, '') : unread)];
}

/** Without a secrets file every user's name is welcome. */
export async function examineCsvSheet(
  path: string,
  reading: SecretReading,
  { config }: Surroundings,
  { now }: Outside,
): Promise<Finding[]> {
  const read = await readTable(createCsvSheet(path));
  if (!read.ok) return [sheetFailure('sheet', read.error), ...unread];
  const { secret } = reading;
  const isBroken = reading.findings.some(({ status }) => status === 'wrong') && secret === undefined;
  const note = isBroken ? ' (users not compared: the secret cannot be read)' : '';
  const readingRows = { ...knownTo(secret), now: now(), timeZone: config.timeZone };
  return [right('sheet', `${path} can be read`), ...tableFindings(read.value, readingRows, note)];
}
