import pLimit from 'p-limit';
import { failureText } from '../domain/delivery/outcome.js';
import { messageOf } from '../domain/error-message.js';
import { healthUser } from '../domain/exchange-health.js';
import { groupBy } from '../domain/group-by.js';
import { fingerprint } from '../domain/identity.js';
import { type WrongRow, wrongRowsNotification } from '../domain/wrong-rows.js';
import type { Ports } from './ports/ports.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';

export interface ToldWrongRows {
  /** For the next run; undefined where no row is wrong. */
  readonly told: string | undefined;
  readonly problems: readonly string[];
}

type TellPorts = Pick<Ports, 'store' | 'notifiers' | 'now'>;

const claimsAtATime = 25;
/** Of more of them each set is claimed as a whole: somebody has spoilt the sheet, and not one row after the other. */
const mostClaims = 200;

/** Those that no run has told before, and whether all could be asked about. */
async function claimNew(
  { store }: TellPorts,
  wrong: readonly WrongRow[],
  run: Run,
): Promise<{ news: readonly WrongRow[]; problem: string | undefined }> {
  const limit = pLimit(claimsAtATime);
  const groups = wrong.length > mostClaims ? [wrong] : [...groupBy(wrong, ({ key }) => key).values()];
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

async function tellUser(
  { notifiers, now }: TellPorts,
  user: string,
  rows: readonly WrongRow[],
  recipients: Recipients,
): Promise<readonly string[]> {
  const id = `rows-${fingerprint(rows.map(({ key }) => key))}`;
  const notification = wrongRowsNotification(rows, id, now());
  const what = `the news of ${rows.length === 1 ? 'a wrong row' : `${rows.length} wrong rows`}`;
  try {
    const channels = await recipients.channelsOf({ user, notify: [] });
    const sent = await Promise.all(channels.map((channel) => notifiers.send(channel, user, notification)));
    return sent.flatMap((outcome) =>
      outcome.kind === 'accepted' ? [] : [`${what} was not accepted: ${failureText(outcome)}`],
    );
  } catch (error) {
    return [`${what} was not told: ${messageOf(error)}`];
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
  recipients: Recipients,
  run: Run,
): Promise<ToldWrongRows> {
  if (wrong === undefined || run.isDryRun) return { told: before, problems: [] };
  const told = wrong.length === 0 ? undefined : fingerprint(wrong.map(({ key }) => key));
  if (told === before || told === undefined) return { told, problems: [] };
  if (!run.hasTime()) return { told: before, problems: [] };
  const { news, problem } = await claimNew(ports, wrong, run);
  const byUser = groupBy(news, ({ user }) => user ?? healthUser);
  const problems = await Promise.all([...byUser].map(([user, rows]) => tellUser(ports, user, rows, recipients)));
  return {
    told: problem === undefined ? told : before,
    problems: [...(problem === undefined ? [] : [problem]), ...problems.flat()],
  };
}
