import { importPKCS8, SignJWT } from 'jose';
import * as v from 'valibot';
import { err, ok, type Result } from '../../domain/result.js';
import { minuteMs } from '../../domain/time.js';
import type { SheetError } from '../../flows/ports/sheet.js';
import type { Http, Reply } from '../http.js';
import type { ServiceAccount } from '../service-account.js';

/** https://developers.google.com/workspace/sheets/api/scopes; `edit` reads too. */
const scopes = {
  read: 'https://www.googleapis.com/auth/spreadsheets.readonly',
  edit: 'https://www.googleapis.com/auth/spreadsheets',
};
export type GoogleScope = keyof typeof scopes;

/** Google accepts no other, whatever address the request goes through. */
const audience = 'https://oauth2.googleapis.com/token';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const longestLifeSeconds = 3600;
/** A token that ends while the request is under way is of no use. */
const spareMs = minuteMs;

export interface TokenSource {
  /** One request for simultaneous callers; a new one when the account changes. */
  get(account: ServiceAccount): Promise<Result<string, SheetError>>;
  /** The token was rejected. */
  drop(): void;
}

interface Token {
  readonly text: string;
  readonly endsAt: number;
}

interface Slot {
  readonly account: ServiceAccount;
  readonly answer: Promise<Result<Token, SheetError>>;
  usableUntil: number;
}

const badKey = (message: string) => err<SheetError>({ kind: 'bad-key', message });

/** https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests */
async function signedClaim(
  account: ServiceAccount,
  scope: GoogleScope,
  now: number,
): Promise<Result<string, SheetError>> {
  const issuedAt = Math.floor(now / 1000);
  // Copied out of a JSON file by hand, its line breaks are often still the two characters \n.
  const pem = account.private_key.replace(/\\[rn]/g, '\n');
  try {
    const claim = new SignJWT({ scope: scopes[scope] })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(account.client_email)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + longestLifeSeconds);
    return ok(await claim.sign(await importPKCS8(pem, 'RS256')));
  } catch {
    return badKey(
      'google_service_account.private_key in the secret is no RSA key: expected the whole private_key of the key file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----',
    );
  }
}

const TokenBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ access_token: v.pipe(v.string(), v.minLength(1)), expires_in: v.pipe(v.number(), v.minValue(1)) }),
);

/** Google's words choose the advice and are not passed on: an answer may repeat the request and its credential. */
function refusal(reply: Reply, account: ServiceAccount): SheetError {
  const { status, text } = reply;
  const came = `Google gives no access token for ${account.client_email} (HTTP ${status})`;
  if (status >= 500 || status === 429) {
    return { kind: 'unavailable', message: came, remedy: 'nothing is wrong here, the next run asks again' };
  }
  if (!/invalid_(grant|client)|unauthorized_client|disabled_client/.test(text)) {
    return {
      kind: 'bad-response',
      message: `${came}, for no reason that is known here`,
      remedy: 'check GOOGLE_TOKEN_URL',
    };
  }
  if (/account not found|not a valid email|invalid email/i.test(text)) {
    return {
      kind: 'bad-key',
      message: `${came}: there is no such service account`,
      remedy: 'correct google_service_account.client_email in the secret',
    };
  }
  if (/short-lived|iat and exp/i.test(text)) {
    return { kind: 'bad-key', message: `${came}: the clock of this machine is wrong`, remedy: 'set it' };
  }
  return {
    kind: 'bad-key',
    message: `${came}: the key was deleted, disabled or belongs to another account`,
    remedy: 'make a new key for the service account and put its client_email and private_key into the secret',
  };
}

async function askToken(
  settings: { tokenUrl: string; http: Http; now(): number },
  account: ServiceAccount,
  scope: GoogleScope,
): Promise<Result<Token, SheetError>> {
  const askedAt = settings.now();
  const claim = await signedClaim(account, scope, askedAt);
  if (!claim.ok) return claim;
  const form = new URLSearchParams({ grant_type: grantType, assertion: claim.value });
  const reply = await settings.http.post(new URL(settings.tokenUrl), form);
  if (!reply.ok) {
    const message = `Google's token service did not answer (${reply.error.detail})`;
    return err({ kind: 'unavailable', message, remedy: 'the next run asks again' });
  }
  if (reply.value.status !== 200) return err(refusal(reply.value, account));
  const body = v.safeParse(TokenBody, reply.value.text);
  if (!body.success) {
    const message = "Google's token service answered without an access token";
    return err({ kind: 'bad-response', message, remedy: 'check GOOGLE_TOKEN_URL' });
  }
  return ok({ text: body.output.access_token, endsAt: askedAt + body.output.expires_in * 1000 });
}

export function createTokenSource(
  settings: { tokenUrl: string; http: Http; now(): number },
  scope: GoogleScope = 'read',
): TokenSource {
  let slot: Slot | undefined;

  function ask(account: ServiceAccount): Slot {
    const asked: Slot = { account, answer: askToken(settings, account, scope), usableUntil: Number.POSITIVE_INFINITY };
    void asked.answer.then((answer) => {
      asked.usableUntil = answer.ok ? answer.value.endsAt - spareMs : Number.NEGATIVE_INFINITY;
    });
    return asked;
  }

  return {
    async get(account) {
      const isUsable =
        slot !== undefined &&
        settings.now() < slot.usableUntil &&
        slot.account.client_email === account.client_email &&
        slot.account.private_key === account.private_key;
      if (slot === undefined || !isUsable) slot = ask(account);
      const answer = await slot.answer;
      return answer.ok ? ok(answer.value.text) : answer;
    },
    drop() {
      slot = undefined;
    },
  };
}
