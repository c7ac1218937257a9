import type { Hono } from 'hono';
import { type DiscordState, discordLimits, discordSimulator } from './discord.js';
import { createTraffic, type SimulatorEnv, type Traffic } from './faults.js';
import { type Served, serveSimulator } from './loopback.js';
import { type NtfyState, ntfyLimit, ntfyMessagesADay, ntfySimulator } from './ntfy.js';
import { type SlackState, slackLimit, slackSimulator } from './slack.js';
import { type TelegramState, telegramLimits, telegramSimulator } from './telegram.js';
import { type WebhookState, webhookSimulator } from './webhook.js';

/** What the simulated services know and got, beside Pushover's. */
export interface ChannelStates {
  readonly telegram: TelegramState;
  readonly discord: DiscordState;
  readonly slack: SlackState;
  readonly ntfy: NtfyState;
  readonly webhook: WebhookState;
}
export type ChannelName = keyof ChannelStates;

interface SimulatedChannel<State> {
  readonly state: State;
  readonly simulator: (state: State, traffic: Traffic, now: () => number) => Hono<SimulatorEnv>;
  /** The environment variable that leads to it; undefined where the secret alone does. */
  readonly variable?: string;
  readonly account?: unknown;
  /** A user's key in the secret, which the service knows from then on. `position` from 1. */
  readonly addressOf: (state: State, url: string, position: number) => unknown;
}

const fake = (what: string, position: number): string => `FAKE${what}${position}`.padEnd(24, 'x');
const botToken = `4200000042:${fake('Bot', 0)}`;
const webhookSecret = `whsec_${Buffer.from('FAKE secret FAKE secret FAKE se').toString('base64')}`;

/** Long, because it is one table: an entry is all that is known of a channel. */
function createChannels(): { readonly [Name in ChannelName]: SimulatedChannel<ChannelStates[Name]> } {
  return {
    telegram: {
      state: {
        token: botToken,
        chats: new Map(),
        updates: [],
        updatesTakenBy: undefined,
        received: [],
        limits: telegramLimits,
      },
      simulator: telegramSimulator,
      variable: 'TELEGRAM_BASE_URL',
      account: { token: botToken },
      addressOf: ({ chats }, _url, position) => {
        const chat = 700_000_000 + position;
        chats.set(String(chat), 'open');
        return chat;
      },
    },
    discord: {
      state: { webhooks: new Map(), received: [], limits: discordLimits, globalWaitSeconds: undefined },
      simulator: discordSimulator,
      addressOf: ({ webhooks }, url, position) => {
        const id = String(11_000_000_000 + position);
        const token = fake('Discord', position);
        webhooks.set(id, { token });
        return `${url}/api/webhooks/${id}/${token}`;
      },
    },
    slack: {
      state: { webhooks: new Map(), received: [], limit: slackLimit },
      simulator: slackSimulator,
      addressOf: ({ webhooks }, url, position) => {
        const path = `/services/T0000FAKE/B0000FAKE${position}/${fake('Slack', position)}`;
        webhooks.set(path, 'open');
        return `${url}${path}`;
      },
    },
    ntfy: {
      state: {
        tokens: new Map(),
        protectedTopics: new Map(),
        received: [],
        limit: ntfyLimit,
        remaining: ntfyMessagesADay,
      },
      simulator: ntfySimulator,
      variable: 'NTFY_BASE_URL',
      addressOf: ({ tokens, protectedTopics }, _url, position) => {
        const address = { topic: fake('Topic', position), token: `tk_${fake('Ntfy', position)}` };
        const name = `user${position}`;
        tokens.set(address.token, name);
        protectedTopics.set(address.topic, [name]);
        return address;
      },
    },
    webhook: {
      state: { secret: webhookSecret, received: [], status: 204, headers: {} },
      simulator: webhookSimulator,
      addressOf: ({ secret }, url) => ({ url: `${url}/hook`, secret }),
    },
  };
}

export interface ChannelSimulators {
  readonly states: ChannelStates;
  readonly traffic: Readonly<Record<ChannelName, Traffic>>;
  readonly urls: Readonly<Record<ChannelName, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** What the secret holds of `used`: the accounts, and each user's keys. */
  secretOf(used: readonly ChannelName[], users: readonly string[]): object;
  close(): Promise<void>;
}

interface Running {
  readonly name: ChannelName;
  readonly traffic: Traffic;
  readonly served: Served;
  readonly variable: string | undefined;
  readonly account: unknown;
  addressOf(position: number): unknown;
}

async function run<State>(name: ChannelName, channel: SimulatedChannel<State>, now: () => number): Promise<Running> {
  const { state, simulator, variable, account, addressOf } = channel;
  const traffic = createTraffic();
  const served = await serveSimulator(simulator(state, traffic, now), traffic);
  return { name, traffic, served, variable, account, addressOf: (position) => addressOf(state, served.url, position) };
}

/** Every channel but Pushover, each on a free port of this machine. */
export async function startChannels(now: () => number): Promise<ChannelSimulators> {
  const channels = createChannels();
  const { telegram, discord, slack, ntfy, webhook } = channels;
  const running = await Promise.all([
    run('telegram', telegram, now),
    run('discord', discord, now),
    run('slack', slack, now),
    run('ntfy', ntfy, now),
    run('webhook', webhook, now),
  ]);
  const traffic = Object.fromEntries(running.map((each) => [each.name, each.traffic]));
  return {
    states: {
      telegram: telegram.state,
      discord: discord.state,
      slack: slack.state,
      ntfy: ntfy.state,
      webhook: webhook.state,
    },
    traffic: traffic as Record<ChannelName, Traffic>,
    urls: Object.fromEntries(running.map(({ name, served }) => [name, served.url])) as Record<ChannelName, string>,
    environment: Object.fromEntries(
      running.flatMap(({ variable, served }) => (variable === undefined ? [] : [[variable, served.url]])),
    ),
    secretOf(used, users) {
      const chosen = running.filter(({ name }) => used.includes(name));
      if (chosen.length === 0) return {};
      const keysOf = (position: number) => chosen.map(({ name, addressOf }) => [name, addressOf(position)]);
      return {
        ...Object.fromEntries(chosen.flatMap(({ name, account }) => (account === undefined ? [] : [[name, account]]))),
        users: Object.fromEntries(users.map((user, index) => [user, Object.fromEntries(keysOf(index + 1))])),
      };
    },
    close: async () => {
      await Promise.all(running.map(({ served }) => served.close()));
    },
  };
}
