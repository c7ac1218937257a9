import type { Context, Hono } from 'hono';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';
import { createPace, type Rate } from './pace.js';

/** `moved`: a group that became a supergroup, with its new id. */
export type TelegramChat = 'open' | 'blocked' | 'deactivated' | 'not-started' | { readonly moved: number };

export interface TelegramMessage {
  readonly receivedAt: number;
  readonly chat: string;
  /** After parsing, as people read it. */
  readonly text: string;
  readonly isSilent: boolean;
  readonly parseMode: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Plain and mutable. */
export interface TelegramState {
  token: string;
  /** By id, or @name. */
  readonly chats: Map<string, TelegramChat>;
  /** What people wrote to the bot, oldest first. */
  readonly updates: { readonly chatId: number; readonly firstName: string }[];
  /** Why `getUpdates` is refused, if it is. */
  updatesTakenBy: 'another-reader' | 'webhook' | undefined;
  readonly received: TelegramMessage[];
  /** https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
  limits: { readonly chat: Rate; readonly group: Rate; readonly all: Rate };
}

export const telegramLimits: TelegramState['limits'] = {
  chat: { most: 1, perMs: 1_000 },
  group: { most: 20, perMs: 60_000 },
  all: { most: 30, perMs: 1_000 },
};

interface Refusal {
  readonly code: 400 | 401 | 403 | 404 | 409 | 429;
  readonly description: string;
  readonly parameters?: object;
}
type Fields = Readonly<Record<string, unknown>>;

const tagNames = new Set([
  'b',
  'strong',
  'i',
  'em',
  'u',
  'ins',
  's',
  'strike',
  'del',
  'code',
  'pre',
  'a',
  'tg-spoiler',
  'blockquote',
]);
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const refused = (why: string): Refusal => ({ code: 400, description: `Bad Request: ${why}` });

/** The text without its tags, or why Telegram cannot parse it. https://core.telegram.org/bots/api#html-style */
function parseHtml(html: string): string | Refusal {
  const open: string[] = [];
  let text = '';
  const rest = /<(\/?)([^<>]*)>|&(\w+);|([\s\S])/gu;
  for (const [, slash, tag, entity, character] of html.matchAll(rest)) {
    const name = tag?.split(/\s/)[0] ?? '';
    if (character === '<') return refused("can't parse entities: unclosed start tag");
    if (character !== undefined) text += character;
    else if (entity !== undefined) text += entities[entity] ?? `&${entity};`;
    else if (!tagNames.has(name))
      return refused(`can't parse entities: Unsupported start tag "${name}" at byte offset 0`);
    else if (slash === '') open.push(name);
    else if (open.pop() !== name) return refused(`can't parse entities: Unexpected end tag at byte offset 0`);
  }
  return open.length === 0
    ? text
    : refused(`can't parse entities: Can't find end tag corresponding to start tag ${open[0]}`);
}

function chatRefusal(chat: TelegramChat | undefined): Refusal | undefined {
  if (chat === undefined) return refused('chat not found');
  if (chat === 'open') return undefined;
  if (chat === 'blocked') return { code: 403, description: 'Forbidden: bot was blocked by the user' };
  if (chat === 'deactivated') return { code: 403, description: 'Forbidden: user is deactivated' };
  if (chat === 'not-started')
    return { code: 403, description: "Forbidden: bot can't initiate conversation with a user" };
  return {
    ...refused('group chat was upgraded to a supergroup chat'),
    parameters: { migrate_to_chat_id: chat.moved },
  };
}

const chatOf = (id: string): object =>
  id.startsWith('@')
    ? { id: -1_000_000_000_001, title: 'channel', username: id.slice(1), type: 'channel' }
    : {
        id: Number(id),
        first_name: 'Simulated',
        username: 'simulated',
        type: id.startsWith('-') ? 'supergroup' : 'private',
      };

function textOf({ text = '', parse_mode: mode }: Fields): string | Refusal {
  const parsed = mode === 'HTML' ? parseHtml(String(text)) : String(text);
  if (typeof parsed !== 'string') return parsed;
  if (parsed.trim() === '') return refused('message text is empty');
  return parsed.length > 4096 ? refused('message is too long') : parsed;
}

async function readFields(c: Context): Promise<Fields> {
  const body = await c.req.text();
  if (c.req.header('content-type')?.startsWith('application/json')) return JSON.parse(body || '{}');
  return Object.fromEntries(new URLSearchParams(body));
}

/**
 * https://core.telegram.org/bots/api. `now` in ms since 1970. Long, because its methods share one account of who sent how
 * much.
 */
export function telegramSimulator(state: TelegramState, traffic: Traffic, now: () => number): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const pace = createPace(now);
  const bot = { id: 42, is_bot: true, first_name: 'Alerts', username: 'alerts_bot' };

  function paceRefusal(id: string): Refusal | undefined {
    const { chat, group, all } = state.limits;
    const waitMs = pace.take('all', all) || pace.take(id, id.startsWith('-') ? group : chat);
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    if (waitMs === 0) return undefined;
    return {
      code: 429,
      description: `Too Many Requests: retry after ${seconds}`,
      parameters: { retry_after: seconds },
    };
  }

  function sendMessage(fields: Fields): object | Refusal {
    const chat = String(fields.chat_id);
    const refusal = chatRefusal(state.chats.get(chat)) ?? paceRefusal(chat);
    if (refusal !== undefined) return refusal;
    const text = textOf(fields);
    if (typeof text !== 'string') return text;
    const { parse_mode: mode, disable_notification: isSilent } = fields;
    const parseMode = mode === undefined ? undefined : String(mode);
    state.received.push({ receivedAt: now(), chat, text, isSilent: isSilent === true, parseMode, fields });
    const date = Math.floor(now() / 1000);
    return { message_id: state.received.length, from: bot, chat: chatOf(chat), date, text };
  }

  function getUpdates(): object | Refusal {
    const who = {
      'another-reader': 'terminated by other getUpdates request; make sure that only one bot instance is running',
      webhook: "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    };
    if (state.updatesTakenBy !== undefined) return { code: 409, description: `Conflict: ${who[state.updatesTakenBy]}` };
    return state.updates.map(({ chatId, firstName }, position) => ({
      update_id: position + 1,
      message: {
        message_id: position + 1,
        from: { id: chatId, is_bot: false, first_name: firstName },
        chat: { id: chatId, first_name: firstName, type: 'private' },
        date: Math.floor(now() / 1000),
        text: '/start',
      },
    }));
  }

  const methods: Readonly<Record<string, (fields: Fields) => object | Refusal>> = {
    sendMessage,
    getUpdates,
    getMe: () => bot,
    getChat: ({ chat_id: id }) => {
      const refusal = state.chats.has(String(id)) ? undefined : refused('chat not found');
      return refusal ?? chatOf(String(id));
    },
  };

  app.post('/:bot/:method', async (c) => {
    const answer = (): object | Refusal => {
      if (c.req.param('bot') !== `bot${state.token}`) return { code: 401, description: 'Unauthorized' };
      return methods[c.req.param('method')]?.(fields) ?? { code: 404, description: 'Not Found' };
    };
    const fields = await readFields(c);
    const result = answer();
    if (!('code' in result)) return c.json({ ok: true, result });
    const { code, description, parameters } = result;
    return c.json({ ok: false, error_code: code, description, ...(parameters && { parameters }) }, code);
  });
  return app;
}
