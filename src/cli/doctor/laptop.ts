import { examineChannels } from './channels.js';
import { examineExchanges } from './exchanges.js';
import type { Section } from './findings.js';
import { examineSecretsFile, type SecretReading } from './secret.js';
import { examineCsvSheet, examineGoogleSheet } from './sheet.js';
import type { Examination } from './surroundings.js';

/** What `trading-alerts check` uses on this machine. */
export async function examineLaptop({
  options,
  surroundings,
  outside,
  http,
  transport,
}: Examination): Promise<Section[]> {
  const isGoogle = options.sheet === 'google';
  const secret = examineSecretsFile(outside.secretsFile, isGoogle);
  const readSheet = async (reading: SecretReading) =>
    isGoogle
      ? examineGoogleSheet(surroundings, reading, http, outside)
      : examineCsvSheet(options, reading, surroundings, outside);
  const [{ findings }, sheet, exchanges, channels] = await Promise.all([
    secret,
    secret.then(readSheet),
    examineExchanges(surroundings, http, undefined),
    secret.then((reading) => examineChannels(surroundings, reading, transport, outside.now)),
  ]);
  return [
    { title: 'Secret', findings },
    { title: 'Sheet', findings: sheet },
    { title: 'Exchanges', findings: exchanges },
    ...channels,
  ];
}
