import { createAlertStore } from '../adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../adapters/dynamodb/client.js';
import { createGoneItems } from '../adapters/dynamodb/gone-addresses.js';
import { createHistory } from '../adapters/dynamodb/history.js';
import type { Keys } from '../adapters/notifiers/keys.js';
import type { Config } from '../config.js';
import { findRegion } from './aws-region.js';
import type { Laptop } from './laptop.js';
import { readSecretFromAws } from './secret-from-aws.js';

/** The table and the secret of a deployed stack, with the owner's own AWS credentials. Throws `SecretError`. */
export async function openDeployed(
  options: { readonly table?: string; readonly region?: string; readonly secret?: string },
  config: Config,
): Promise<Laptop> {
  const outside = { config, environment: process.env };
  const first = await readSecretFromAws(options, outside);
  const { region } = await findRegion(options.region, process.env);
  const client = createStoreClient(region === undefined ? {} : { region });
  const table = { client, tableName: options.table ?? config.tableName };
  let known: Keys | undefined = first;
  return {
    store: createAlertStore(table),
    history: createHistory({ ...table, keptDays: config.historyDays }),
    goneAddresses: createGoneItems(table),
    secret: {
      async read() {
        known ??= await readSecretFromAws(options, outside);
        return known;
      },
      forget: () => {
        known = undefined;
      },
    },
    close: async () => client.destroy(),
  };
}
