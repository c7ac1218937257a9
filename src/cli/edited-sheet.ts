import { createHttp } from '../adapters/http.js';
import type { Keys } from '../adapters/notifiers/keys.js';
import { channelNames } from '../adapters/notifiers/registry.js';
import { readSecretFile } from '../adapters/secret-file.js';
import { createCsvSheet } from '../adapters/sheet/csv.js';
import { createCsvEditor } from '../adapters/sheet/csv-editor.js';
import { createCsvLayout } from '../adapters/sheet/csv-layout.js';
import { createGoogleSheet } from '../adapters/sheet/google.js';
import { createGoogleEditor } from '../adapters/sheet/google-editor.js';
import { createGoogleLayout } from '../adapters/sheet/google-layout.js';
import type { EditContext } from '../domain/edit/plan-edit.js';
import type { KnownUsers } from '../domain/users.js';
import type { Sheet } from '../flows/ports/sheet.js';
import type { SheetEditor, SheetLayout } from '../flows/ports/sheet-editor.js';
import { readLocalConfig, secretsFile, usersFileBeside } from './laptop.js';
import { readSecretFromAws } from './secret-from-aws.js';

/** Which sheet a command is about, and where its key is. */
export interface SheetOptions {
  /** `google`, or a CSV file. */
  readonly sheet: string;
  /** The secret of the Lambda; otherwise the file of this folder. */
  readonly aws?: true;
  readonly secret?: string;
  readonly region?: string;
  readonly json?: true;
}

export interface EditedSheet {
  readonly sheet: Sheet;
  readonly editor: SheetEditor;
  readonly layout: SheetLayout;
  readonly known: KnownUsers;
  /** What rows are read with now. Which alerts are stored only the check knows. */
  context(): EditContext;
}

const knownUsers = (keys: Keys | undefined): KnownUsers => ({
  knownUsers: keys && [...keys.users.keys()],
  channelNames,
  channels: keys && new Map([...keys.users].map(([user, channels]) => [user, Object.keys(channels)])),
});

/** The Google Sheet, or a CSV file on this machine. Throws `SecretError` or `ConfigError`. */
export async function openEditedSheet(options: SheetOptions): Promise<EditedSheet> {
  const isGoogle = options.sheet === 'google';
  if (options.aws && !isGoogle) throw new Error('--region and --secret are for --sheet google: a file needs no key');
  const config = readLocalConfig(options.sheet);
  const keys = options.aws
    ? await readSecretFromAws(options, { config, environment: process.env })
    : await readSecretFile(secretsFile);
  const known = knownUsers(keys);
  const context = () => ({
    reading: { ...known, now: Date.now(), timeZone: config.timeZone },
    stored: undefined,
  });
  if (!isGoogle) {
    const users = usersFileBeside(options.sheet);
    return {
      sheet: createCsvSheet(options.sheet, { path: users, isNamed: false }),
      editor: createCsvEditor(options.sheet),
      layout: createCsvLayout(options.sheet, users),
      known,
      context,
    };
  }
  const settings = {
    spreadsheetId: config.spreadsheetId,
    tab: config.sheetTab,
    usersTab: config.usersTab,
    baseUrl: config.googleSheetsBaseUrl,
    tokenUrl: config.googleTokenUrl,
    account: async () => keys?.googleServiceAccount,
    http: createHttp({ timeoutMs: 5_000, retries: 2 }),
    now: Date.now,
  };
  return {
    sheet: createGoogleSheet(settings),
    editor: createGoogleEditor(settings),
    layout: createGoogleLayout(settings),
    known,
    context,
  };
}
