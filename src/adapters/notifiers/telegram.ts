import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/result.js';
import type { Reply } from '../http.js';
import * as answers from './answers.js';
import { keyText } from './key-schemas.js';
import type { Notification, Problem, SendOutcome } from './notification.js';
import { type AccountContext, type Context, type FoundAddress, isQuiet, type Notifier } from './notifier.js';
import { chatsOf } from './telegram-chats.js';
import { cutTo, shownWords } from './text.js';

interface Account {
  readonly token: string;
}
type Telegram = AccountContext<Account>;
type Chat = Context<Account, string>;

const service = { label: 'Telegram', origin: { variable: 'TELEGRAM_BASE_URL', url: 'https://api.telegram.org' } };

/** https://core.telegram.org/bots/api#sendmessage: "1-4096 characters after entities parsing"; in UTF-16 units */
const textLimit = 4096;
const titleLimit = 256;
const limitsOf = ({ title }: Notification) => ({
  title: titleLimit,
  text: textLimit - 1 - Math.min(title.length, titleLimit),
});

/** https://core.telegram.org/bots/api#making-requests */
const Body = v.object({
  ok: v.boolean(),
  error_code: v.optional(v.number()),
  description: v.optional(v.string(), ''),
  parameters: v.optional(
    v.object({ retry_after: v.optional(v.unknown()), migrate_to_chat_id: v.optional(v.unknown()) }),
  ),
  result: v.optional(v.unknown()),
});
type Body = v.InferOutput<typeof Body>;

/** "&lt;, &gt; and &amp;": all that HTML mode needs. https://core.telegram.org/bots/api#html-style */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The text is cut before it is escaped, so that no tag or entity is ever cut. */
function rendered(notification: Notification, isHtml: boolean) {
  const { title, text } = cutTo(notification, limitsOf(notification));
  const lines = text === '' ? '' : `\n${isHtml ? escaped(text) : text}`;
  return isHtml ? { text: `<b>${escaped(title)}</b>${lines}`, parse_mode: 'HTML' } : { text: `${title}${lines}` };
}

const call = ({ transport, origin, account }: Telegram, method: string, parameters: object) =>
  transport({
    method: 'post',
    url: answers.under(origin, `/bot${account.token}/${method}`),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });

const refusesChat = /chat|user|peer|group|rights|thread|topic|bot was/i;

/** What went wrong with the chat, in words of ours where they help more than Telegram's. */
function chatRefusal({ description, parameters }: Body, words: string, place: string): SendOutcome {
  if (parameters?.migrate_to_chat_id !== undefined) {
    const remedy = `run "trading-alerts secret" again, or write the group's new chat id to ${place} in the secret`;
    return answers.rejected('user', 'the Telegram group became a supergroup and has a new chat id', remedy);
  }
  const remedy = /blocked|deactivated|initiate|chat not found/i.test(description)
    ? `open the bot in that chat, unblock it and press Start; or correct ${place} in the secret`
    : `let the bot write in that chat, or correct ${place} in the secret`;
  return answers.rejected('user', `Telegram refuses the chat (${words})`, remedy);
}

function readReply(reply: Reply, { account, places, now }: Telegram, address: string): SendOutcome {
  if (reply.status >= 500 || (reply.status >= 300 && reply.status < 400)) return answers.unclear(service, reply);
  const body = answers.bodyOf(Body, reply);
  if (reply.status === 429) {
    const named = answers.waitUntil(body?.parameters?.retry_after, now()) ?? answers.retryAfter(reply, now());
    // Of one chat or of all, the answer does not say; the others are told themselves.
    return answers.rateLimited(service, 'user', named ?? answers.usualWait(now()));
  }
  if (body === undefined)
    return reply.status >= 400 ? answers.notTheService(service, reply) : answers.unclear(service, reply);
  if (body.ok) return reply.status === 200 ? answers.accepted() : answers.unclear(service, reply);
  const code = body.error_code ?? reply.status;
  const words = shownWords(body.description, [account, address]) || `HTTP ${reply.status}`;
  if (code === 401 || code === 404) {
    const remedy = `correct ${places.account} in the secret; @BotFather tells it`;
    return answers.rejected('account', `Telegram refuses the bot's token (${words})`, remedy);
  }
  const isOfMessage =
    /^Bad Request: (message|text|can't parse)/i.test(body.description) && !/thread/i.test(body.description);
  if (code === 403 || (!isOfMessage && refusesChat.test(body.description)) || body.parameters?.migrate_to_chat_id) {
    return chatRefusal(body, words, places.address);
  }
  return answers.rejected(
    'message',
    `Telegram refuses the message (${words})`,
    'shorten the name and notes of the row',
  );
}

async function send(context: Chat, notification: Notification): Promise<SendOutcome> {
  const { address } = context;
  const common = {
    chat_id: /^-?\d+$/.test(address) ? Number(address) : address,
    link_preview_options: { is_disabled: true },
    disable_notification: isQuiet(notification),
  };
  const reply = await call(context, 'sendMessage', { ...common, ...rendered(notification, true) });
  if (!reply.ok) return answers.unanswered(service, reply.error);
  const isParseError =
    reply.value.status === 400 && /can't parse entities/i.test(answers.bodyOf(Body, reply.value)?.description ?? '');
  if (!isParseError) return readReply(reply.value, context, address);
  // The same text would be refused for ever; without its tags there is nothing to parse.
  const plain = await call(context, 'sendMessage', { ...common, ...rendered(notification, false) });
  return plain.ok ? readReply(plain.value, context, address) : answers.unanswered(service, plain.error);
}

/** https://core.telegram.org/bots/api#getupdates; without an offset nothing is confirmed, so nothing is lost. */
async function findAddresses(context: Telegram): Promise<Result<readonly FoundAddress<string>[], Problem>> {
  const reply = await call(context, 'getUpdates', { allowed_updates: ['message'] });
  if (!reply.ok) {
    return err({
      detail: `Telegram did not answer (${reply.error.detail})`,
      remedy: 'check the network and try again',
    });
  }
  const body = answers.bodyOf(Body, reply.value);
  if (reply.value.status === 409 && /webhook/i.test(body?.description ?? '')) {
    const remedy = 'make a bot of its own with @BotFather; or remove the webhook, with the program that has set it';
    return err({ detail: 'a webhook takes what is written to this bot', remedy });
  }
  if (reply.value.status === 409) {
    const remedy = 'stop the other program that reads this bot, or make a bot of its own with @BotFather';
    return err({ detail: 'another program reads what is written to this bot', remedy });
  }
  const updates = v.safeParse(v.array(v.unknown()), body?.ok ? body.result : undefined);
  if (!updates.success) {
    const outcome = readReply(reply.value, context, '');
    return err('problem' in outcome ? outcome.problem : answers.notReadable(service, reply.value));
  }
  return ok(chatsOf(updates.output));
}

const expectedChat = 'expected a chat id, such as 123456789 or -1001234567890, or a public channel, such as @name';

/** https://core.telegram.org/bots/api. The token is part of every address: nothing of a request may be shown. */
export const telegram: Notifier<Account, string> = {
  name: 'telegram',
  ...service,
  account: v.object(
    {
      token: keyText(
        /^\d{3,20}:[A-Za-z0-9_-]{20,100}$/,
        "expected a bot's token as @BotFather gives it, digits, a colon and letters",
      ),
    },
    'expected {"token": "…"} with a bot\'s token',
  ),
  address: v.pipe(
    v.union([v.string(), v.number()], expectedChat),
    v.transform(String),
    keyText(/^(-?\d{1,16}|@[A-Za-z]\w{3,31})$/, expectedChat),
  ),
  questions: {
    account: [
      {
        field: 'token',
        ask: 'Token of your Telegram bot',
        hint: 'In Telegram: write /newbot to @BotFather, who gives it.',
        isHidden: true,
        isOptional: false,
      },
    ],
    address: [{ field: '', ask: 'Telegram chat id', isHidden: false, isOptional: false }],
  },
  connections: { allowed: 4, per: 'account' },
  can: { silent: 'yes', urgent: 'no' },
  fits: (notification) => !cutTo(notification, limitsOf(notification)).isCut,
  send,
  async checkAccount(context) {
    const reply = await call(context, 'getMe', {});
    if (!reply.ok) return [{ what: 'token', ...answers.uncheckable(service, reply.error) }];
    const outcome = readReply(reply.value, context, '');
    return outcome.kind === 'accepted'
      ? [{ what: 'token', kind: 'right', detail: 'Telegram knows the bot' }]
      : [{ what: 'token', ...answers.checkFailure(service, outcome, reply.value) }];
  },
  async checkAddress(context) {
    const reply = await call(context, 'getChat', { chat_id: context.address });
    if (!reply.ok) return answers.uncheckable(service, reply.error);
    const outcome = readReply(reply.value, context, context.address);
    return outcome.kind === 'accepted'
      ? { kind: 'right', detail: 'the bot can see the chat' }
      : answers.checkFailure(service, outcome, reply.value);
  },
  findAddresses,
};
