import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/result.js';
import { type ServiceAccount, ServiceAccountKey } from '../service-account.js';
import { isKeyLike, isUserName, type KeyProblem, readKey, shapeOf, wrongKey } from './key-problems.js';
import { type ChannelName, channelNames, isChannelName, notifierOf } from './registry.js';

/** A key with its place in the secret, by which every message calls it. */
export interface PlacedKey {
  readonly place: string;
  readonly value: unknown;
}
type ByChannel = Readonly<Partial<Record<ChannelName, PlacedKey>>>;

/** The secret in one form, whichever it was written in. */
export interface Keys {
  readonly accounts: ByChannel;
  /** By name; each has at least one channel. */
  readonly users: ReadonlyMap<string, ByChannel>;
  readonly googleServiceAccount: ServiceAccount | undefined;
}

type Entries = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const expectedUsers = 'each name with its channels, such as {"default": {"pushover": "…"}}';
const expectedPushoverUsers = 'each name with its Pushover user key, such as {"default": "…"}';
const expectedName = 'a short name, without spaces around it, before each key';

/** Collects what is right and what is wrong, so that every wrong part is named at once. */
function createCollection() {
  const problems: KeyProblem[] = [];
  const accounts: Partial<Record<ChannelName, PlacedKey>> = {};
  const users = new Map<string, Partial<Record<ChannelName, PlacedKey>>>();

  function take(
    into: Partial<Record<ChannelName, PlacedKey>>,
    channel: ChannelName,
    place: string,
    input: unknown,
    schema: v.GenericSchema,
  ) {
    const key = readKey(schema, input, place);
    if (!key.ok) return void problems.push(...key.error);
    const other = into[channel];
    if (other !== undefined && JSON.stringify(other.value) !== JSON.stringify(key.value)) {
      return void problems.push({
        place,
        detail: `expected the same as ${other.place}, or only one of the two, got another`,
      });
    }
    into[channel] ??= { place, value: key.value };
  }

  /** The channels of a user that may be named for the second time; undefined where the name is none. */
  function user(name: string, place: string) {
    if (!isUserName(name)) {
      const came = isKeyLike(name) ? 'what looks like a key' : shapeOf(name);
      problems.push({ place, detail: `expected ${expectedName}, got ${came}` });
      return undefined;
    }
    const channels = users.get(name) ?? {};
    users.set(name, channels);
    return channels;
  }
  return { problems, accounts, users, take, user };
}
type Collection = ReturnType<typeof createCollection>;

/** `pushover_api_token` and `pushover_users`: Pushover alone. */
function collectFirstForm(secret: Entries, { problems, accounts, take, user }: Collection): void {
  const { pushover_api_token: token, pushover_users: pushoverUsers } = secret;
  if (token === undefined && pushoverUsers === undefined) return;
  const { account = v.unknown(), address } = notifierOf('pushover');
  const isTokenElsewhere = token === undefined && isObject(secret.pushover);
  if (!isTokenElsewhere) {
    const read = readKey(account, { token }, '');
    if (read.ok) take(accounts, 'pushover', 'pushover_api_token', { token }, account);
    else problems.push(...read.error.map(({ detail }) => ({ place: 'pushover_api_token', detail })));
  }
  if (pushoverUsers === undefined && isObject(secret.users)) return;
  if (!isObject(pushoverUsers))
    return void problems.push(wrongKey('pushover_users', expectedPushoverUsers, pushoverUsers));
  for (const [name, key] of Object.entries(pushoverUsers)) {
    const channels = user(name, 'pushover_users');
    if (channels !== undefined) take(channels, 'pushover', `pushover_users.${name}`, key, address);
  }
}

function collectAccounts(secret: Entries, { accounts, take }: Collection): void {
  for (const channel of channelNames) {
    const { account } = notifierOf(channel);
    if (account !== undefined && secret[channel] !== undefined)
      take(accounts, channel, channel, secret[channel], account);
  }
}

function collectUsers({ users }: Entries, { problems, take, user }: Collection): void {
  if (users === undefined) return;
  if (!isObject(users)) return void problems.push(wrongKey('users', expectedUsers, users));
  for (const [name, addresses] of Object.entries(users)) {
    const channels = user(name, 'users');
    if (channels === undefined) continue;
    const place = `users.${name}`;
    if (!isObject(addresses) || Object.keys(addresses).length === 0) {
      const came = isObject(addresses) ? 'none' : shapeOf(addresses);
      problems.push({ place, detail: `expected channels with their keys, such as {"pushover": "…"}, got ${came}` });
      continue;
    }
    for (const [channel, address] of Object.entries(addresses)) {
      if (isChannelName(channel)) take(channels, channel, `${place}.${channel}`, address, notifierOf(channel).address);
      else problems.push({ place, detail: `expected channels among ${channelNames.join(', ')}, got another name` });
    }
  }
}

/** An address is of no use without the account that its channel needs. */
function missingAccounts(secret: Entries, { accounts, users }: Collection): KeyProblem[] {
  const used = new Set([...users.values()].flatMap((channels) => Object.keys(channels)));
  return channelNames
    .filter((channel) => used.has(channel) && notifierOf(channel).account !== undefined)
    .filter((channel) => accounts[channel] === undefined && secret[channel] === undefined)
    .filter((channel) => channel !== 'pushover' || secret.pushover_users === undefined)
    .map((channel) => ({
      place: channel,
      detail: `expected {"token": "…"} beside the users who have ${channel}, got nothing`,
    }));
}

/** Both forms of the secret, which may stand together. The error names every wrong part. */
export function readKeys(value: unknown): Result<Keys, readonly KeyProblem[]> {
  if (!isObject(value)) return err([wrongKey('', 'an object', value)]);
  const collection = createCollection();
  const { problems, accounts, users } = collection;
  collectFirstForm(value, collection);
  collectAccounts(value, collection);
  collectUsers(value, collection);
  if (value.users === undefined && value.pushover_users === undefined && problems.length === 0) {
    problems.push(wrongKey('users', expectedUsers, undefined));
  }
  problems.push(...missingAccounts(value, collection));
  const google = value.google_service_account;
  const serviceAccount =
    google === undefined ? ok(undefined) : readKey(ServiceAccountKey, google, 'google_service_account');
  if (!serviceAccount.ok) problems.push(...serviceAccount.error);
  if (!serviceAccount.ok || problems.length > 0) return err(problems);
  return ok({ accounts, users, googleServiceAccount: serviceAccount.value });
}
