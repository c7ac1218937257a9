import { isKeyLike, isUserName, shownKeyProblem } from '../adapters/notifiers/key-problems.js';
import { readKeys } from '../adapters/notifiers/keys.js';
import { type ChannelName, channelNames, isChannelName, notifierOf } from '../adapters/notifiers/registry.js';
import type { ServiceAccount } from '../adapters/service-account.js';
import { err, ok, type Result } from '../domain/result.js';
import { askKey } from './ask-key.js';
import { type AddressSearch, canFindAddresses, waitForAddress } from './find-address.js';
import { ended, type SecretTerminal } from './secret-terminal.js';

/** As it is written into the file: the second form. */
export type WrittenSecret = Readonly<Record<string, unknown>>;
type KeysOfUser = Readonly<Partial<Record<ChannelName, unknown>>>;

/** `first`: what a blank answer means. */
async function askChannels(
  question: string,
  offered: readonly ChannelName[],
  first: readonly ChannelName[],
  { asker, tell }: SecretTerminal,
): Promise<Result<readonly ChannelName[], string>> {
  for (;;) {
    const answer = await asker.ask(question, false);
    if (answer === undefined) return err(ended);
    const words = answer
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter((word) => word !== '');
    if (words.length === 0) return ok(first);
    if (words.every((word) => isChannelName(word) && offered.includes(word))) {
      return ok(offered.filter((channel) => words.includes(channel)));
    }
    tell(`expected names among ${offered.join(', ')}`);
  }
}

async function askAccounts(
  channels: readonly ChannelName[],
  terminal: SecretTerminal,
): Promise<Result<Partial<Record<ChannelName, unknown>>, string>> {
  const accounts: Partial<Record<ChannelName, unknown>> = {};
  for (const channel of channels) {
    const { account, questions } = notifierOf(channel);
    if (account === undefined) continue;
    const key = await askKey({ place: channel, schema: account, questions: questions.account, whose: '' }, terminal);
    if (!key.ok) return key;
    accounts[channel] = key.value;
  }
  return ok(accounts);
}

function nameProblem(name: string, users: ReadonlyMap<string, unknown>): string | undefined {
  if (name === '' && users.size === 0) return 'at least one user is needed, such as default';
  if (users.has(name)) return `${name} has a key already`;
  // Programs lose it from an object.
  if (name === '__proto__') return 'this name cannot be used';
  if (isUserName(name)) return undefined;
  const came = isKeyLike(name) ? 'what looks like a key' : `${name.length} characters`;
  return `expected a short name, without spaces around it, before each key, got ${came}`;
}

interface Asking {
  readonly channels: readonly ChannelName[];
  readonly accounts: KeysOfUser;
  readonly terminal: SecretTerminal;
  readonly search: AddressSearch;
}

async function askAddress(channel: ChannelName, name: string, asking: Asking): Promise<Result<unknown, string>> {
  const { terminal, search, accounts } = asking;
  const { address, questions } = notifierOf(channel);
  const isFound = canFindAddresses(channel);
  const key = {
    place: `users.${name}.${channel}`,
    schema: address,
    questions: questions.address,
    whose: ` of ${name}`,
  };
  for (;;) {
    const asked = await askKey({ ...key, ...(isFound && { blank: 'found by a message to the bot' }) }, terminal);
    if (!asked.ok || asked.value !== undefined) return asked;
    const found = await waitForAddress(channel, accounts[channel], name, terminal, search);
    if (!found.ok || found.value !== undefined) return found;
  }
}

async function askUser(name: string, asking: Asking): Promise<Result<KeysOfUser, string>> {
  const { channels, terminal } = asking;
  const chosen =
    channels.length === 1
      ? ok(channels)
      : await askChannels(`Channels of ${name} (blank: ${channels.join(', ')}): `, channels, channels, terminal);
  if (!chosen.ok) return chosen;
  const keys: Partial<Record<ChannelName, unknown>> = {};
  for (const channel of chosen.value) {
    const key = await askAddress(channel, name, asking);
    if (!key.ok) return key;
    keys[channel] = key.value;
  }
  return ok(keys);
}

async function askUsers(asking: Asking): Promise<Result<ReadonlyMap<string, KeysOfUser>, string>> {
  const users = new Map<string, KeysOfUser>();
  const { asker, tell } = asking.terminal;
  tell('Users, as user_id in the sheet names them. "default" is told where user_id is blank.');
  for (;;) {
    const name = await asker.ask(`Name of user ${users.size + 1} (blank: no more): `, false);
    if (name === undefined) return err(ended);
    if (name === '' && users.size > 0) return ok(users);
    const problem = nameProblem(name, users);
    if (problem !== undefined) {
      tell(problem);
      continue;
    }
    const keys = await askUser(name, asking);
    if (!keys.ok) return keys;
    users.set(name, keys.value);
  }
}

/** The secret's own rules decide, so the check accepts what is accepted here. The error says why there is none. */
export async function askSecret(
  account: ServiceAccount | undefined,
  terminal: SecretTerminal,
  search: AddressSearch,
): Promise<Result<WrittenSecret, string>> {
  if (account === undefined) {
    terminal.tell('Without --service-account the secret reads no Google Sheet; a laptop with a CSV file needs none.');
  }
  const first = channelNames.slice(0, 1);
  terminal.tell(`Alerts can go to ${channelNames.join(', ')}.`);
  const channels = await askChannels(
    `Channels, one or several (blank: ${first.join()}): `,
    channelNames,
    first,
    terminal,
  );
  if (!channels.ok) return channels;
  const accounts = await askAccounts(channels.value, terminal);
  if (!accounts.ok) return accounts;
  const users = await askUsers({ channels: channels.value, accounts: accounts.value, terminal, search });
  if (!users.ok) return users;
  const secret = {
    ...accounts.value,
    users: Object.fromEntries(users.value),
    ...(account && { google_service_account: account }),
  };
  const keys = readKeys(secret);
  return keys.ok ? ok(secret) : err(keys.error.map(shownKeyProblem).join('\n'));
}
