import * as v from 'valibot';
import { Address, QueueUrl } from './adapters/address-variable.js';
import { exchanges } from './adapters/exchanges/registry.js';
import { type LogLevel, logLevels } from './adapters/log.js';
import { notifierOrigins } from './adapters/notifiers/registry.js';
import { type Problem, problemText } from './domain/problem.js';
import { isRegion, regionProblem } from './domain/region.js';
import { isTimeZone } from './domain/time-zone.js';

/** Everything that the environment decides, parsed once at start. */
export interface Config {
  readonly spreadsheetId: string;
  readonly sheetTab: string;
  readonly usersTab: string;
  /** IANA: in it the days of the sheet end. */
  readonly timeZone: string;
  /** How long what happened is kept. */
  readonly historyDays: number;
  readonly tableName: string;
  readonly secretId: string;
  readonly checkConcurrency: number;
  readonly fanOutThreshold: number;
  /** Where others hear of what they are to deliver; undefined: the check delivers everything itself. */
  readonly queueUrl: string | undefined;
  readonly logLevel: LogLevel;
  readonly googleSheetsBaseUrl: string;
  readonly googleTokenUrl: string;
  /** By environment variable, as the exchanges name them. */
  readonly exchangeOrigins: Readonly<Record<string, string>>;
  /** By environment variable, as the notifiers name them. */
  readonly notifierOrigins: Readonly<Record<string, string>>;
}

/** A variable that is not set where it has to be, or holds something else than expected. */
export interface VariableProblem extends Problem {
  readonly name: string;
  readonly isSet: boolean;
  readonly remedy: string;
}

const problemOf = (name: string, message: string, isSet = true): VariableProblem => {
  const remedy = isSet ? `correct ${name}, or unset it where it has a default` : `set ${name}`;
  return { name, isSet, message, remedy };
};

/** In a list of its like, where the message says what was expected. */
export const shownVariable = ({ name, isSet, message }: VariableProblem): string =>
  isSet ? `${name}: ${message}` : `${name} ${message}`;

/** Bad configuration ends the start; every wrong variable is named at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly VariableProblem[]) {
    super(`the environment is not right:\n${problems.map((problem) => `  ${shownVariable(problem)}`).join('\n')}`);
  }
}

const text = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(), v.trim(), v.regex(pattern, `expected ${expected}`));

const wholeNumber = (from: number, to: number) => {
  const expected = `expected a whole number from ${from} to ${to}`;
  return v.pipe(
    v.string(),
    v.trim(),
    v.regex(/^\d+$/, expected),
    v.transform(Number),
    v.minValue(from, expected),
    v.maxValue(to, expected),
  );
};

const exchangeOrigins = Object.assign({}, ...Object.values(exchanges).map(({ origins }) => origins)) as Record<
  string,
  string
>;

const TimeZone = v.optional(
  v.pipe(
    v.string(),
    v.trim(),
    v.check(isTimeZone, 'expected a time zone of the IANA list, such as Europe/Berlin, America/New_York or UTC'),
  ),
  'UTC',
);

const addressesOf = (origins: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(origins).map(([name, origin]) => [name, v.optional(Address, origin)]));

/** Spreadsheet ids and table names: https://developers.google.com/workspace/sheets/api/guides/concepts, DynamoDB's naming rules. */
const Environment = v.object({
  GOOGLE_SHEETS_SPREADSHEET_ID: v.pipe(
    v.string('is not set; expected the part of the sheet’s address between /d/ and /edit'),
    v.trim(),
    v.regex(/^[\w-]{5,200}$/, 'expected the part of the sheet’s address between /d/ and /edit'),
  ),
  SHEET_TAB: v.optional(text(/^.{1,100}$/, 'the name of a tab, at most 100 characters'), 'Alerts'),
  USERS_TAB: v.optional(text(/^.{1,100}$/, 'the name of a tab, at most 100 characters'), 'Users'),
  TIME_ZONE: TimeZone,
  HISTORY_DAYS: v.optional(wholeNumber(1, 3650), '400'),
  DYNAMODB_TABLE_NAME: v.optional(
    text(/^[\w.-]{3,255}$/, '3 to 255 letters, digits, points, dashes or underscores'),
    'trading-alerts',
  ),
  SECRET_ID: v.optional(
    text(/^[\w/+=.@:-]{1,2048}$/, 'the name or ARN of a secret in Secrets Manager'),
    'trading-alerts',
  ),
  CHECK_CONCURRENCY: v.optional(wholeNumber(1, 100), '10'),
  FAN_OUT_THRESHOLD: v.optional(wholeNumber(1, 1_000_000), '200'),
  SQS_QUEUE_URL: v.optional(QueueUrl),
  LOG_LEVEL: v.optional(
    v.pipe(v.string(), v.trim(), v.toUpperCase(), v.picklist(logLevels, `expected one of ${logLevels.join(', ')}`)),
    'INFO',
  ),
  ...addressesOf(notifierOrigins),
  GOOGLE_SHEETS_BASE_URL: v.optional(Address, 'https://sheets.googleapis.com'),
  GOOGLE_TOKEN_URL: v.optional(Address, 'https://oauth2.googleapis.com/token'),
  ...addressesOf(exchangeOrigins),
});

/** The template declares exactly these; a test holds them together. */
export const environmentNames: readonly string[] = Object.keys(Environment.entries);

/** An empty variable counts as not set: that is how template parameters without a value arrive. Throws `ConfigError`. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  // Named here, so that its own message is told when it is missing.
  const parsed = v.safeParse(Environment, { GOOGLE_SHEETS_SPREADSHEET_ID: undefined, ...set });
  if (!parsed.success) {
    throw new ConfigError(
      parsed.issues.map((issue) => {
        const name = v.getDotPath(issue) ?? 'environment';
        return set[name] === undefined
          ? problemOf(name, issue.message, false)
          : problemOf(name, `${issue.message}, got ${shown(set[name])}`);
      }),
    );
  }
  const { output } = parsed;
  return {
    spreadsheetId: output.GOOGLE_SHEETS_SPREADSHEET_ID,
    sheetTab: output.SHEET_TAB,
    usersTab: output.USERS_TAB,
    timeZone: output.TIME_ZONE,
    historyDays: output.HISTORY_DAYS,
    tableName: output.DYNAMODB_TABLE_NAME,
    secretId: output.SECRET_ID,
    checkConcurrency: output.CHECK_CONCURRENCY,
    fanOutThreshold: output.FAN_OUT_THRESHOLD,
    queueUrl: output.SQS_QUEUE_URL,
    logLevel: output.LOG_LEVEL,
    googleSheetsBaseUrl: output.GOOGLE_SHEETS_BASE_URL,
    googleTokenUrl: output.GOOGLE_TOKEN_URL,
    exchangeOrigins: setOrigins(exchangeOrigins, output),
    notifierOrigins: setOrigins(notifierOrigins, output),
  };
}

/** For a command that needs no other variable. Throws `ConfigError`. */
export function readTimeZone({ TIME_ZONE: name }: Readonly<Record<string, string | undefined>>): string {
  const parsed = v.safeParse(TimeZone, name?.trim() === '' ? undefined : name);
  if (!parsed.success)
    throw new ConfigError([problemOf('TIME_ZONE', `${parsed.issues[0].message}, got ${shown(name)}`)]);
  return parsed.output;
}

const setOrigins = (origins: Readonly<Record<string, string>>, output: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.keys(origins).map((name) => [name, String(output[name])]));

/**
 * Where every exchange would refuse the function, it says so at its start and not at every check. Throws `ConfigError`.
 * Of the Lambda only: a laptop's AWS_REGION says nothing about where the laptop is.
 */
export function refuseRegion({ AWS_REGION: region }: Readonly<Record<string, string | undefined>>): void {
  const problem = region !== undefined && isRegion(region) ? regionProblem(region) : undefined;
  if (problem !== undefined) throw new ConfigError([problemOf('AWS_REGION', problemText(problem))]);
}

/** A secret pasted into the wrong variable must not reach the log: only what is too short for one is shown. */
function shown(value: string | undefined = ''): string {
  return value.length <= 20 && !value.includes('@') ? `"${value}"` : `${value.length} characters`;
}
