import { fakeKey } from '../support/fake-secret.js';
import type { Scene } from './scene.js';

type Told = Pick<Scene, 'channels' | 'settings' | 'users'>;

export const onlyUser = 'default';

/** Of those who have several. */
const firstKeys: Readonly<Record<string, string>> = { pushover: 'User', telegram: 'Second', ntfy: 'Third' };

/** The users' key on each channel of the scenes; all speak to the one service. */
export const keyOf = (user: string, channel: string): string =>
  fakeKey(user === onlyUser ? (firstKeys[channel] ?? channel) : `${user}${channel}`);

/** By user: all channels that the secret has keys for. */
export const usersOf = ({ users, channels = ['pushover'] }: Told): Readonly<Record<string, readonly string[]>> =>
  users ?? { [onlyUser]: channels };

/** Where there is but one user, whatever he is called. */
export const channelsOf = (scene: Told, user: string): readonly string[] =>
  (scene.users === undefined ? usersOf(scene)[onlyUser] : scene.users[user]) ?? [];

export const channelsIn = (scene: Told): readonly string[] => [...new Set(Object.values(usersOf(scene)).flat())];

/** Where the user wants to be told. */
export function wantedChannels(scene: Told, user: string): readonly string[] {
  const all = channelsOf(scene, user);
  const notify = scene.settings?.find((each) => each.user === user)?.notify ?? [];
  return notify.length > 0 ? all.filter((channel) => notify.includes(channel)) : all;
}

/** Whether its pushes can be told apart by their keys. */
export const hasSeveralKeys = ({ channels, users }: Told): boolean => channels !== undefined || users !== undefined;

/** Every key that the service knows in the scene. */
export const keysIn = (scene: Told): readonly string[] =>
  Object.entries(usersOf(scene)).flatMap(([user, channels]) => channels.map((channel) => keyOf(user, channel)));
