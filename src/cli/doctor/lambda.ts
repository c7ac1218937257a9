import { parseKeys } from '../../adapters/notifiers/keys-text.js';
import { fetchFromSecretsManager } from '../../adapters/secret.js';
import { type Account, credentialsFinding, examineAccount, isCredentialFailure } from './aws.js';
import { examineChannels } from './channels.js';
import { examineExchanges } from './exchanges.js';
import type { Finding, Section } from './findings.js';
import { examineQueue } from './queue.js';
import { examineSecret, type SecretReading, skippedSecret } from './secret.js';
import { examineGoogleSheet } from './sheet.js';
import type { Examination } from './surroundings.js';
import { examineTable, skippedTable, type TableReading } from './table.js';

async function readAwsSecret(account: Account, { surroundings, outside }: Examination): Promise<SecretReading> {
  const reason = surroundings.reasonToSkip('SECRET_ID');
  if (reason !== undefined) return skippedSecret(reason);
  if (account.clients === undefined) return skippedSecret(account.reasonMissing);
  const { secretId } = surroundings.config;
  const fetchText = fetchFromSecretsManager(account.clients.secrets, secretId, 2 * outside.timeoutMs);
  const reading = await examineSecret(`"${secretId}"`, async () => parseKeys(await fetchText(), `"${secretId}"`));
  const answered = { ...reading, answer: reading.answer ?? ('answered' as const) };
  if (!isCredentialFailure(answered.answer)) return answered;
  return { ...answered, findings: skippedSecret('AWS does not accept the credentials').findings };
}

async function readTable(account: Account, { surroundings, options, outside }: Examination) {
  const reason = surroundings.reasonToSkip('DYNAMODB_TABLE_NAME');
  if (reason !== undefined) return skippedTable(reason);
  if (account.clients === undefined) return skippedTable(account.reasonMissing);
  const isBeforeDeploy = options.beforeDeploy === true;
  return examineTable(account.clients.store, surroundings.config.tableName, {
    timeoutMs: outside.timeoutMs,
    isBeforeDeploy,
  });
}

function awsFindings(account: Account, secret: SecretReading, table: TableReading): readonly Finding[] {
  if (account.clients === undefined) return account.findings;
  return [...account.findings, credentialsFinding([secret, table].flatMap(({ answer }) => answer ?? []))];
}

/** What the deployed function uses, asked from this machine with this user's credentials. */
export async function examineLambda(examination: Examination): Promise<Section[]> {
  const { options, surroundings, outside, http, transport } = examination;
  const account = examineAccount(options, outside);
  const secret = account.then((found) => readAwsSecret(found, examination));
  const table = account.then((found) => readTable(found, examination));
  const queue = account.then(({ region, clients, reasonMissing }) =>
    examineQueue(surroundings.config.queueUrl, clients && region !== undefined ? { region } : undefined, reasonMissing),
  );
  const [found, reading, tableReading, queueSection, sheet, exchanges, channels] = await Promise.all([
    account,
    secret,
    table,
    queue,
    secret.then((each) => examineGoogleSheet(surroundings, each, http, outside)),
    account.then(({ region }) => examineExchanges(surroundings, http, region)),
    secret.then((each) => examineChannels(surroundings, each, transport, outside.now)),
  ]);
  found.clients?.store.destroy();
  found.clients?.secrets.destroy();
  return [
    { title: 'AWS', findings: awsFindings(found, reading, tableReading) },
    { title: 'Secret', findings: reading.findings },
    { title: 'Table', findings: tableReading.findings },
    ...queueSection,
    { title: 'Sheet', findings: sheet },
    { title: 'Exchanges', findings: exchanges },
    ...channels,
  ];
}
