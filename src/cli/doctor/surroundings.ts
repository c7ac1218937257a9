import type { Http } from '../../adapters/http.js';
import type { Transport } from '../../adapters/notifiers/transport.js';
import { type Config, ConfigError, readConfig, type VariableProblem } from '../../config.js';
import { type Finding, right, wrong } from './findings.js';

export interface DoctorOptions {
  /** The surroundings of the Lambda; otherwise those of the laptop. */
  readonly aws?: true;
  /** `google`, or a CSV file. */
  readonly sheet: string;
  /** The CSV file in place of the users' tab, beside a CSV file; it then has to be there. */
  readonly users?: string;
  readonly secret?: string;
  readonly table?: string;
  readonly region?: string;
  readonly spreadsheet?: string;
  readonly tab?: string;
  readonly usersTab?: string;
  /** The table may be missing: the deploy makes it. */
  readonly beforeDeploy?: true;
}

/** What the doctor takes from outside, so that a test can give it something else. */
export interface Outside {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly secretsFile: string;
  /** ms since 1970 */
  now(): number;
  /** For one attempt at anything. */
  readonly timeoutMs: number;
}

export interface Surroundings {
  /** Where a variable is wrong, its default stands in, and nothing that needs it may be judged. */
  readonly config: Config;
  readonly findings: readonly Finding[];
  /** Undefined where all of these variables are right, else why what needs them is skipped. */
  reasonToSkip(...variables: readonly string[]): string | undefined;
}

export interface Examination {
  readonly options: DoctorOptions;
  readonly surroundings: Surroundings;
  readonly outside: Outside;
  readonly http: Http;
  /** For the channels. */
  readonly transport: Transport;
}

const spreadsheet = 'GOOGLE_SHEETS_SPREADSHEET_ID';
const standIn = { [spreadsheet]: 'stands-in-for-an-id' };

/** People forget that a simulator's or a proxy's address is still set. */
function replacedAddresses(environment: Outside['environment']): string {
  const names = Object.keys(environment).filter(
    (name) => /_BASE_URL$|^GOOGLE_TOKEN_URL$|^AWS_ENDPOINT_URL_/.test(name) && environment[name]?.trim(),
  );
  return names.length === 0 ? '' : `; not the services' own addresses: ${names.toSorted().join(', ')}`;
}

function problemsOf(environment: Outside['environment']): readonly VariableProblem[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

export function readSurroundings(options: DoctorOptions, outside: Outside): Surroundings {
  const isGoogle = options.aws === true || options.sheet === 'google';
  const environment = {
    ...outside.environment,
    ...(isGoogle ? {} : standIn),
    ...(options.secret !== undefined && { SECRET_ID: options.secret }),
    ...(options.spreadsheet !== undefined && { [spreadsheet]: options.spreadsheet }),
    ...(options.tab !== undefined && { SHEET_TAB: options.tab }),
    ...(options.usersTab !== undefined && { USERS_TAB: options.usersTab }),
    ...(options.table !== undefined && { DYNAMODB_TABLE_NAME: options.table }),
  };
  const findings = problemsOf(environment).map(({ name, message, remedy }) => wrong(name, message, remedy));
  const bad = new Set(findings.map(({ check }) => check));
  const good = Object.entries(environment).filter(([name]) => !bad.has(name));
  return {
    config: readConfig({ ...standIn, ...Object.fromEntries(good) }),
    findings:
      findings.length > 0
        ? findings
        : [right('environment', `every variable is right${replacedAddresses(outside.environment)}`)],
    reasonToSkip: (...variables) => {
      const name = variables.find((variable) => bad.has(variable));
      return name === undefined ? undefined : `${name} is not right`;
    },
  };
}
