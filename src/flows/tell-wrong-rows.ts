import pLimit, { type LimitFunction } from 'p-limit';
import { messageOf } from '../domain/error-message.js';
import { healthUser } from '../domain/exchange-health.js';
import { groupBy } from '../domain/group-by.js';
import { fingerprint } from '../domain/identity.js';
import { type WrongRow, wrongRowsNotification } from '../domain/wrong-rows.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';
import { reasonToWait, shownFailure, type Telling } from './telling.js';

export interface ToldWrongRows {
  /** For the next run; undefined where no row is wrong. */
  readonly told: string | undefined;
  readonly problems: readonly string[];
}

type TellPorts = Pick<Ports, 'store' | 'now'>;

const claimsAtATime = 25;
/** Of more of them each user's are claimed as a whole: somebody has spoilt the sheet, and not one row after the other. */
const mostClaims = 200;

/** Those that no run has told before, and whether all could be asked about. */
async function claimNew(
  { store }: TellPorts,
  groups: readonly (readonly WrongRow[])[],
  limit: LimitFunction,
  run: Run,
): Promise<{ news: readonly WrongRow[]; problem: string | undefined }> {
  let problem: string | undefined;
  const claimed = await Promise.all(
    groups.map((group) =>
      limit(async () => {
        try {
          const key = `row-${fingerprint([...new Set(group.map((each) => each.key))])}`;
          return (await store.claimNews(key, run.runId)) ? group : [];
        } catch (error) {
          problem = messageOf(error);
          return [];
        }
      }),
    ),
  );
  return { news: claimed.flat(), problem };
}

interface Told {
  readonly problems: readonly string[];
  /** The next run has to look again. */
  readonly isPutOff?: true;
}

const newsOf = (rows: readonly WrongRow[]): string =>
  `the news of ${rows.length === 1 ? 'a wrong row' : `${rows.length} wrong rows`}`;

async function push(
  { now }: TellPorts,
  to: { readonly user: string; readonly channels: readonly string[] },
  rows: readonly WrongRow[],
  pusher: Telling['pusher'],
): Promise<readonly string[]> {
  const id = `rows-${fingerprint(rows.map(({ key }) => key))}`;
  const tries = await Promise.all(
    to.channels.map((channel) => pusher.push(channel, to.user, () => wrongRowsNotification(rows, id, now()))),
  );
  return tries.flatMap((tried) =>
    tried.kind === 'accepted' ? [] : [`${newsOf(rows)} was not accepted: ${shownFailure(tried)}`],
  );
}

/** Not claimed where it could not be sent: then the next run tells it. */
async function tellUser(
  ports: TellPorts,
  user: string,
  groups: readonly (readonly WrongRow[])[],
  { recipients, pusher, limit }: Telling & { readonly limit: LimitFunction },
  run: Run,
): Promise<Told> {
  const all = groups.flat();
  try {
    const channels = await recipients.channelsOf({ user, notify: [] });
    const reason = await reasonToWait(channels, pusher, run);
    if (reason !== undefined) return { problems: [`${newsOf(all)} is not told yet: ${reason}`], isPutOff: true };
    const { news, problem } = await claimNew(ports, groups, limit, run);
    const problems = news.length === 0 ? [] : await push(ports, { user, channels }, news, pusher);
    return problem === undefined ? { problems } : { problems: [problem, ...problems], isPutOff: true };
  } catch (error) {
    return { problems: [`${newsOf(all)} was not told: ${messageOf(error)}`] };
  }
}

/**
 * A wrong row that is new is told to its user, else to the default one: one message a user. As with outages, each is claimed
 * before it is told, and told at most once. `before`: which were told already, so that a sheet that stays as it is costs
 * nothing. `wrong` undefined: the rows could not be read.
 */
export async function tellWrongRows(
  ports: TellPorts,
  wrong: readonly WrongRow[] | undefined,
  before: string | undefined,
  telling: Telling,
  run: Run,
): Promise<ToldWrongRows> {
  if (wrong === undefined || run.isDryRun) return { told: before, problems: [] };
  const told = wrong.length === 0 ? undefined : fingerprint(wrong.map(({ key }) => key));
  if (told === before || told === undefined) return { told, problems: [] };
  if (!run.hasTime()) return { told: before, problems: [] };
  const limit = pLimit(claimsAtATime);
  const byUser = groupBy(wrong, ({ user }) => user ?? healthUser);
  const all = await Promise.all(
    [...byUser].map(([user, rows]) => {
      const groups = wrong.length > mostClaims ? [rows] : [...groupBy(rows, ({ key }) => key).values()];
      return tellUser(ports, user, groups, { ...telling, limit }, run);
    }),
  );
  const problems = new Set(all.flatMap((each) => each.problems));
  return { told: all.some(({ isPutOff }) => isPutOff) ? before : told, problems: [...problems] };
}
