import { createAlertStore } from '../adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../adapters/dynamodb/client.js';
import { createHistory } from '../adapters/dynamodb/history.js';
import type { Config } from '../config.js';
import type { AlertStore } from '../flows/ports/alert-store.js';
import type { History } from '../flows/ports/history.js';
import { findRegion } from './aws-region.js';
import { openLaptopBesideCheck, readLocalConfig } from './laptop.js';

/** Which table a command looks into, and which sheet belongs to it. */
export interface TableOptions {
  /** `google`, or a CSV file. */
  readonly sheet: string;
  /** The table of the Lambda; otherwise that of this folder. */
  readonly aws?: true;
  readonly table?: string;
  readonly region?: string;
  readonly secret?: string;
  readonly json?: true;
}

export interface StoredTable {
  readonly config: Config;
  readonly store: AlertStore;
  readonly history: History;
  close(): Promise<void>;
}

/** Beside the deployed table stands a Google Sheet, whose id only the environment knows. */
export const hasSheet = ({ sheet, aws }: TableOptions, environment: NodeJS.ProcessEnv): boolean =>
  aws === undefined || sheet === 'google' || (environment.GOOGLE_SHEETS_SPREADSHEET_ID ?? '').trim() !== '';

/** The sheet that belongs to the table. */
export const sheetOf = (options: TableOptions): TableOptions =>
  options.aws ? { ...options, sheet: 'google' } : options;

/** The table of this folder, also where a check is running, or the deployed one. Throws where it cannot be opened. */
export async function openTable(options: TableOptions): Promise<StoredTable> {
  const config = readLocalConfig(hasSheet(options, process.env) ? sheetOf(options).sheet : '');
  if (!options.aws) return { config, ...(await openLaptopBesideCheck(config)) };
  const { region } = await findRegion(options.region, process.env);
  if (region === undefined) throw new Error('no AWS region is set; set AWS_REGION or give --region');
  const client = createStoreClient({ region });
  const table = { client, tableName: options.table ?? config.tableName };
  return {
    config,
    store: createAlertStore(table),
    history: createHistory({ ...table, keptDays: config.historyDays }),
    close: async () => client.destroy(),
  };
}
