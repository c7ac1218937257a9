import { createNotifiers } from '../../src/adapters/notifiers/connect.js';
import { parseKeys } from '../../src/adapters/notifiers/keys-text.js';
import { createSecretReader } from '../../src/adapters/secret.js';
import { SecretError } from '../../src/adapters/secret-error.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import type { Notifiers } from '../../src/flows/ports/notifiers.js';
import type { Ports } from '../../src/flows/ports/ports.js';
import type { SheetError } from '../../src/flows/ports/sheet.js';
import { createCalmExchange } from './exchange.js';
import { channelsIn, keyOf, usersOf } from './recipients.js';
import { header, type Scene } from './scene.js';
import type { Stage } from './stage.js';
import { firesIn, toldIn } from './told.js';
import type { Turns } from './turns.js';
import { usersTable } from './users-tab.js';
import { isWorker } from './workers.js';

const service = 'pushover';

/** One process: the product's own parts, and everything it asks of the outside in its turn. */
export function portsOf(
  stage: Stage,
  {
    run,
    turns,
    rows,
    scene,
    now,
    tell,
  }: {
    run: string;
    turns: Turns;
    rows: () => Scene['rows'];
    scene: Scene;
    now: () => number;
    tell: (text: string) => void;
  },
): Ports {
  const write = (message: string, fields: object) => tell(message + JSON.stringify(fields));
  /** No service is told which fire it is, but a run sends one at a time of an alert on a channel. */
  const firesByAlert = new Map<string, string>();
  const users = new Map(Object.entries(usersOf(scene)));
  const channels = channelsIn(scene);
  const hasSecretInTurn = isWorker(run);
  /** Whether it can be had; each channel has its own part of it. */
  const secret = createSecretReader({
    fetchText: async () => {
      if (!hasSecretInTurn) return '';
      const lost = () => {
        throw new SecretError('Secrets Manager did not answer in time for the secret');
      };
      const asked = { run, operation: 'readSecret', alertId: '', call: { isCut: false }, lost } as const;
      return turns.during(run, () => turns.take({ ...asked, act: async () => '' })) as Promise<string>;
    },
    parse: () => users,
    now,
  });
  /** All channels speak to the one service, each with keys of its own. */
  const notifiersOn = (channel: string) => {
    const { token } = stage.pushover;
    const theirs = [...users].filter(([, all]) => all.includes(channel));
    const known = Object.fromEntries(theirs.map(([user]) => [user, { [service]: keyOf(user, channel) }]));
    const userOf = new Map(theirs.map(([user]) => [keyOf(user, channel), user]));
    const keys = parseKeys(JSON.stringify({ pushover: { token }, users: known }));
    return createNotifiers({
      keys: { read: () => secret.read().then(() => keys), forget: () => secret.forget() },
      transport: (request) =>
        turns.during(run, async () => {
          const lost = () => err({ detail: 'no answer within 10000 ms' });
          const form = new URLSearchParams(String(request.body));
          const text = { title: form.get('title') ?? '', message: form.get('message') ?? '' };
          const told = toldIn(text).map((each) => {
            return { ...each, fireId: firesByAlert.get(`${channel} ${each.alertId}`) ?? '' };
          });
          const fires = new Map(told.map(({ alertId, fireId }) => [alertId, fireId]));
          const act = async () => {
            try {
              return await stage.transport(request);
            } finally {
              // One call at a time: what the service has accepted since is this one.
              for (const push of stage.pushover.received)
                if (!stage.pushedFires.has(push)) stage.pushedFires.set(push, fires);
            }
          };
          const user = userOf.get(form.get('user') ?? '') ?? '';
          const about = { alertId: told.map((each) => each.alertId).join(' '), channel, user, told };
          const sent = turns.take({ run, operation: 'push', ...about, call: { isCut: false }, lost, act });
          return sent as ReturnType<typeof act>;
        }),
      origins: { PUSHOVER_BASE_URL: stage.pushoverUrl },
      now,
    });
  };
  const byChannel = new Map([service, ...channels].map((channel) => [channel, notifiersOn(channel)]));
  const on = (channel: string): Notifiers => {
    const notifiers = byChannel.get(channel);
    if (notifiers === undefined) throw new Error(`the scene has no channel ${channel}`);
    return notifiers;
  };
  let fires = 0;
  const { settings } = scene;
  const readSheet = <T>(act: () => Promise<Result<T, SheetError>>) => {
    const lost = () => err({ kind: 'unavailable', message: 'Google Sheets did not answer' });
    const read = turns.during(run, () =>
      turns.take({ run, operation: 'readSheet', alertId: '', call: { isCut: false }, lost, act }),
    );
    return read as Promise<Result<T, SheetError>>;
  };
  return {
    sheet: {
      read: () => readSheet(async () => ok([header, ...rows()])),
      ...(settings && {
        users: {
          ...{ name: 'Users', isLookedForHourly: true },
          readWithAlerts: () => readSheet(async () => ok({ alerts: [header, ...rows()], users: usersTable(settings) })),
        },
      }),
    },
    ...stage.storeFor(run, turns),
    exchanges: [createCalmExchange(() => stage.clock.now)],
    candleHistory: createCandleHistory(),
    notifiers: {
      channelNames: channels,
      users: () => secret.read(),
      channelsOf: async (user) => (await secret.read().catch(() => undefined))?.get(user) ?? [service],
      connections: (channel) => on(channel).connections(service),
      send: (channel, user, notification) => {
        for (const { alertId, fireId } of firesIn(notification)) firesByAlert.set(`${channel} ${alertId}`, fireId);
        return on(channel).send(service, user, notification);
      },
      fits: (channel, notification) => on(channel).fits(service, notification),
      accountFingerprint: (channel) => on(channel).accountFingerprint(service),
      readReceipt: (channel, receipt) => on(channel).readReceipt(service, receipt),
      cancel: (channel, what) => on(channel).cancel(service, what),
    },
    log: { debug: write, info: write, warn: write, error: write },
    metrics: (summary) => tell(JSON.stringify(summary)),
    timeZone: 'UTC',
    fanOutThreshold: 200,
    now,
    newId: () => {
      fires += 1;
      return `${run}-${fires}`;
    },
  };
}
