import type { Http } from '../../adapters/http.js';
import type { Keys } from '../../adapters/notifiers/keys.js';
import { channelNames } from '../../adapters/notifiers/registry.js';
import { createCsvSheet } from '../../adapters/sheet/csv.js';
import { createGoogleSheet } from '../../adapters/sheet/google.js';
import type { Result } from '../../domain/result.js';
import type { KnownUsers } from '../../domain/users.js';
import type { SheetError } from '../../flows/ports/sheet.js';
import { usersFileBeside } from '../laptop.js';
import { type Finding, right, skipped, wrong, wrongAs } from './findings.js';
import { readAsACheck, tableFindings, type UsersRead, usersCheck, usersFinding } from './rows.js';
import type { SecretReading } from './secret.js';
import { csvShare, googleShare, shareCheck } from './share.js';
import type { DoctorOptions, Outside, Surroundings } from './surroundings.js';

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

function googleFindings(read: Result<unknown, SheetError>, email: string, tab: string): Finding[] {
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

const unread = [shareCheck, 'header', 'rows', usersCheck].map((check) => skipped(check, 'the sheet could not be read'));

/** As a check knows them, so that the doctor finds the same rows wrong. */
function knownTo(secret: Keys | undefined): KnownUsers {
  const channels = secret && new Map([...secret.users].map(([name, own]) => [name, Object.keys(own)]));
  return { knownUsers: channels && [...channels.keys()], channelNames, channels };
}

/** It need not be there. `place`: a tab or a file. */
function usersFindings(
  users: UsersRead,
  { name, place }: { readonly name: string; readonly place: string },
  known: KnownUsers,
  note: string,
): Finding[] {
  if (users === undefined) return [];
  if (users.ok) return [usersFinding(name, users.value, known, note)];
  if (users.error.kind !== 'no-such-tab') return [sheetFailure(usersCheck, users.error)];
  const detail = `there is no ${place} "${name}", and there need not be one: users are told on all their channels, in the owner's time zone, without quiet hours`;
  return [right(usersCheck, detail)];
}

const googleVariables = [
  'GOOGLE_SHEETS_SPREADSHEET_ID',
  'SHEET_TAB',
  'USERS_TAB',
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
  const settings = {
    spreadsheetId: config.spreadsheetId,
    tab: config.sheetTab,
    baseUrl: config.googleSheetsBaseUrl,
    tokenUrl: config.googleTokenUrl,
    account: async () => account,
    http,
    now,
    timeoutMs,
    pauseMs: Math.min(1_000, timeoutMs / 5),
  };
  const known = knownTo(secret);
  const read = await readAsACheck(createGoogleSheet({ ...settings, usersTab: config.usersTab }), now());
  const reading = { ...known, now: now(), timeZone: config.timeZone };
  const email = account?.client_email ?? '';
  const access = googleFindings(read, email, config.sheetTab);
  if (!read.ok) return [...access, ...unread];
  const users = usersFindings(read.value.users, { name: config.usersTab, place: 'tab' }, known, '');
  const { alerts } = read.value;
  return [...access, await googleShare(settings, email, alerts), ...tableFindings(alerts, reading, ''), ...users];
}

/** Without a secrets file every user's name is welcome. */
export async function examineCsvSheet(
  { sheet: path, users }: Pick<DoctorOptions, 'sheet' | 'users'>,
  reading: SecretReading,
  { config }: Surroundings,
  { now }: Outside,
): Promise<Finding[]> {
  const usersPath = users ?? usersFileBeside(path);
  const read = await readAsACheck(createCsvSheet(path, { path: usersPath, isNamed: users !== undefined }), now());
  if (!read.ok) return [sheetFailure('sheet', read.error), ...unread];
  const { secret } = reading;
  const isBroken = reading.findings.some(({ status }) => status === 'wrong') && secret === undefined;
  const note = isBroken ? ' (users not compared: the secret cannot be read)' : '';
  const known = knownTo(secret);
  const readingRows = { ...known, now: now(), timeZone: config.timeZone };
  return [
    right('sheet', `${path} can be read`),
    await csvShare(path, read.value.alerts),
    ...tableFindings(read.value.alerts, readingRows, note),
    ...usersFindings(read.value.users, { name: usersPath, place: 'file' }, known, note),
  ];
}
