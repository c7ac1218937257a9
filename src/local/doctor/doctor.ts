import { createHttp, type Http } from '../../adapters/http.js';
import { fetchFromSecretsManager } from '../../adapters/secret.js';
import { parseSecret } from '../../adapters/secret-text.js';
import { type Account, credentialsFinding, examineAccount, isCredentialFailure } from './aws.js';
import { examineExchanges } from './exchanges.js';
import type { Finding, Section } from './findings.js';
import { nodeFinding, watchClock } from './machine.js';
import { examinePushover } from './pushover.js';
import { examineSecret, examineSecretsFile, type SecretReading, skippedSecret } from './secret.js';
import { examineCsvSheet, examineGoogleSheet } from './sheet.js';
import { type DoctorOptions, type Outside, readSurroundings, type Surroundings } from './surroundings.js';
import { examineTable, skippedTable, type TableReading } from './table.js';

async function readAwsSecret(account: Account, surroundings: Surroundings, outside: Outside): Promise<SecretReading> {
  const reason = surroundings.reasonToSkip('SECRET_ID');
  if (reason !== undefined) return skippedSecret(reason);
  if (account.clients === undefined) return skippedSecret(account.reasonMissing);
  const { secretId } = surroundings.config;
  const fetchText = fetchFromSecretsManager(account.clients.secrets, secretId, 2 * outside.timeoutMs);
  const reading = await examineSecret(`"${secretId}"`, async () => parseSecret(await fetchText(), `"${secretId}"`));
  const answered = { ...reading, answer: reading.answer ?? ('answered' as const) };
  if (!isCredentialFailure(answered.answer)) return answered;
  return { ...answered, findings: skippedSecret('AWS does not accept the credentials').findings };
}

async function readTable(account: Account, surroundings: Surroundings, options: DoctorOptions, outside: Outside) {
  const reason = surroundings.reasonToSkip('DYNAMODB_TABLE_NAME');
  if (reason !== undefined) return skippedTable(reason);
  if (account.clients === undefined) return skippedTable(account.reasonMissing);
  const isBeforeDeploy = options.beforeDeploy === true;
  return examineTable(account.clients.store, surroundings.config.tableName, {
    timeoutMs: outside.timeoutMs,
    isBeforeDeploy,
  });
}

interface Patient {
  readonly options: DoctorOptions;
  readonly surroundings: Surroundings;
  readonly outside: Outside;
  readonly http: Http;
}

async function examineLaptop({ options, surroundings, outside, http }: Patient): Promise<Section[]> {
  const isGoogle = options.sheet === 'google';
  const secret = examineSecretsFile(outside.secretsFile, isGoogle);
  const readSheet = async (reading: SecretReading) =>
    isGoogle ? examineGoogleSheet(surroundings, reading, http, outside) : examineCsvSheet(options.sheet, reading);
  const [{ findings }, sheet, exchanges, pushover] = await Promise.all([
    secret,
    secret.then(readSheet),
    examineExchanges(surroundings, http, undefined),
    secret.then((reading) => examinePushover(surroundings, reading, http)),
  ]);
  return [
    { title: 'Secret', findings },
    { title: 'Sheet', findings: sheet },
    { title: 'Exchanges', findings: exchanges },
    { title: 'Pushover', findings: pushover },
  ];
}

function awsFindings(account: Account, secret: SecretReading, table: TableReading): readonly Finding[] {
  if (account.clients === undefined) return account.findings;
  return [...account.findings, credentialsFinding([secret, table].flatMap(({ answer }) => answer ?? []))];
}

async function examineAws({ options, surroundings, outside, http }: Patient): Promise<Section[]> {
  const account = examineAccount(options, outside);
  const secret = account.then((found) => readAwsSecret(found, surroundings, outside));
  const table = account.then((found) => readTable(found, surroundings, options, outside));
  const [found, reading, tableReading, sheet, exchanges, pushover] = await Promise.all([
    account,
    secret,
    table,
    secret.then((each) => examineGoogleSheet(surroundings, each, http, outside)),
    account.then(({ region }) => examineExchanges(surroundings, http, region)),
    secret.then((each) => examinePushover(surroundings, each, http)),
  ]);
  found.clients?.store.destroy();
  found.clients?.secrets.destroy();
  return [
    { title: 'AWS', findings: awsFindings(found, reading, tableReading) },
    { title: 'Secret', findings: reading.findings },
    { title: 'Table', findings: tableReading.findings },
    { title: 'Sheet', findings: sheet },
    { title: 'Exchanges', findings: exchanges },
    { title: 'Pushover', findings: pushover },
  ];
}

/** Looks at everything, at the same time where one thing does not need another. Nothing is written and nothing pushed. */
export async function examine(options: DoctorOptions, outside: Outside): Promise<Section[]> {
  const { http, finding } = watchClock(createHttp({ timeoutMs: outside.timeoutMs, retries: 1 }), outside.now);
  const surroundings = readSurroundings(options, outside);
  const patient = { options, surroundings, outside, http };
  const rest = options.aws ? await examineAws(patient) : await examineLaptop(patient);
  const machine = [nodeFinding(outside.nodeVersion), finding(), ...surroundings.findings];
  return [{ title: 'This machine', findings: machine }, ...rest];
}
