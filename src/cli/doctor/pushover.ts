import pLimit from 'p-limit';
import type { Http } from '../../adapters/http.js';
import {
  type AccountError,
  createPushoverAccount,
  type Limits,
  type ValidUser,
} from '../../adapters/pushover-account.js';
import type { Secret } from '../../adapters/secret-text.js';
import type { Result } from '../../domain/result.js';
import { shownInstant } from '../print.js';
import { type Finding, right, skipped, wrong, wrongAs } from './findings.js';
import type { SecretReading } from './secret.js';
import type { Surroundings } from './surroundings.js';

const tryAgain = 'try again in a minute; where that stays so, check the network and PUSHOVER_BASE_URL';
const fewShare = 0.1;

function tokenFinding(limits: Result<Limits, AccountError>): Finding {
  const check = 'pushover token';
  if (limits.ok || limits.error.kind === 'quota-exceeded') return right(check, 'Pushover knows the application');
  return wrongAs(check, limits.error, tryAgain);
}

function quotaFinding(limits: Result<Limits, AccountError>): Finding {
  const check = 'pushover quota';
  const remedy = "buy messages for the application at pushover.net, or wait for the month's reset";
  if (!limits.ok) {
    return limits.error.kind === 'quota-exceeded'
      ? wrong(check, "the month's messages are used up", remedy)
      : skipped(check, 'the application could not be looked up');
  }
  const { limit, remaining, resetsAt } = limits.value;
  const left = `${remaining} of ${limit} messages left until ${shownInstant(resetsAt)}`;
  if (remaining <= 0) return wrong(check, left, remedy);
  return remaining < limit * fewShare ? right(check, left, `few are left: ${remedy}`) : right(check, left);
}

function userFinding(check: string, user: Result<ValidUser, AccountError>): Finding {
  if (!user.ok) return wrongAs(check, user.error, tryAgain);
  const { devices, isGroup } = user.value;
  if (isGroup) return right(check, "the key of a group; its members' devices get the pushes");
  if (devices > 0) return right(check, `the key is valid, ${devices} ${devices === 1 ? 'device' : 'devices'}`);
  return wrong(check, 'the key is valid, but no device is registered', 'install the Pushover app there and sign in');
}

async function examineAccount(secret: Secret, baseUrl: string, http: Http): Promise<Finding[]> {
  const account = createPushoverAccount({ baseUrl, secret, http });
  const limits = await account.readLimits();
  const token = tokenFinding(limits);
  // https://pushover.net/api#friendly: at most 2 connections
  const connecting = pLimit(2);
  const users = Object.keys(secret.pushover_users).map((name) => {
    const check = `pushover user ${name}`;
    // Each key would be refused for the token, and many refusals get the address blocked.
    if (token.status !== 'ok') return skipped(check, 'keys can only be looked up with a valid token');
    return connecting(async () => {
      const found = userFinding(check, await account.validateUser(name));
      // fetch takes a connection back a moment after its answer.
      await new Promise(setImmediate);
      return found;
    });
  });
  return [token, quotaFinding(limits), ...(await Promise.all(users))];
}

export async function examinePushover(
  { config, reasonToSkip }: Surroundings,
  { secret, reasonMissing }: SecretReading,
  http: Http,
): Promise<Finding[]> {
  const reason = reasonToSkip('PUSHOVER_BASE_URL') ?? (secret === undefined ? reasonMissing : undefined);
  if (reason !== undefined || secret === undefined) return [skipped('pushover', reason ?? reasonMissing)];
  return examineAccount(secret, config.pushoverBaseUrl, http);
}
