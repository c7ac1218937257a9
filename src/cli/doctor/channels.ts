import { createNotifiers, type Notifiers } from '../../adapters/notifiers/connect.js';
import type { Keys } from '../../adapters/notifiers/keys.js';
import type { CheckResult } from '../../adapters/notifiers/notifier.js';
import { type ChannelName, channelNames, notifierOf } from '../../adapters/notifiers/registry.js';
import type { Transport } from '../../adapters/notifiers/transport.js';
import { type Finding, right, type Section, skipped, wrong } from './findings.js';
import type { SecretReading } from './secret.js';
import type { Surroundings } from './surroundings.js';

function findingOf(check: string, result: CheckResult): Finding {
  switch (result.kind) {
    case 'right':
      return right(check, result.detail, result.remedy);
    case 'unchecked':
      return skipped(check, result.detail);
    case 'wrong':
    case 'unknown':
      return wrong(check, result.problem.detail, result.problem.remedy);
  }
}

async function examineChannel(channel: ChannelName, users: readonly string[], notifiers: Notifiers) {
  const hasAccount = notifierOf(channel).account !== undefined;
  const account = hasAccount ? await notifiers.checkAccount(channel) : [];
  const addresses = users.map(async (user) => {
    const check = `${channel} user ${user}`;
    // Each key would be refused for the token, and many refusals get the address blocked.
    const isAccountRight = !hasAccount || account[0]?.kind === 'right';
    if (!isAccountRight) return skipped(check, 'keys can only be looked up with a valid token');
    return findingOf(check, await notifiers.checkAddress(channel, user));
  });
  return [
    ...account.map((result) => findingOf(`${channel} ${result.what}`, result)),
    ...(await Promise.all(addresses)),
  ];
}

const titleOf = (channel: ChannelName): string => `${channel.charAt(0).toUpperCase()}${channel.slice(1)}`;

const usersOf = (channel: ChannelName, { users }: Keys): string[] =>
  [...users].flatMap(([name, channels]) => (channels[channel] === undefined ? [] : [name]));

/** A section for each channel of the secret: its account, and each user's key. Nothing is sent. */
export function examineChannels(
  { config, reasonToSkip }: Surroundings,
  { secret, reasonMissing }: SecretReading,
  transport: Transport,
  now: () => number,
): Promise<Section[]> {
  if (secret === undefined) {
    return Promise.resolve([{ title: 'Channels', findings: [skipped('channels', reasonMissing)] }]);
  }
  const notifiers = createNotifiers({
    keys: { read: async () => secret, forget: () => undefined },
    transport,
    origins: config.notifierOrigins,
    now,
  });
  const sections = channelNames.map(async (channel): Promise<Section[]> => {
    const users = usersOf(channel, secret);
    if (users.length === 0 && secret.accounts[channel] === undefined) return [];
    const variable = notifierOf(channel).origin?.variable;
    const reason = variable === undefined ? undefined : reasonToSkip(variable);
    const findings =
      reason === undefined ? await examineChannel(channel, users, notifiers) : [skipped(channel, reason)];
    return [{ title: titleOf(channel), findings }];
  });
  return Promise.all(sections).then((all) => all.flat());
}
