import { randomBytes } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';

export interface PageHost {
  /** To listen on. */
  readonly host: string;
  /** By which browsers reach it there, without the port. */
  readonly names: readonly string[];
  /** Undefined where this machine alone can reach it, and nobody asked for one. */
  readonly token: string | undefined;
}

const loopback = ['localhost', '127.0.0.1', '[::1]'];
const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

function namesOf(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [inUrl(host)];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const own = hostname().toLowerCase();
  return [...addresses.map(({ address }) => inUrl(address.replace(/%.*/, ''))), own, `${own}.local`];
}

/** Whoever can reach more than this machine's own address has to show a token: the given one, or one of this start. */
export function pageHost(asked: string | undefined, token: string | undefined): PageHost {
  const host = (asked ?? '127.0.0.1').toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (loopback.includes(inUrl(host))) return { host, names: loopback, token };
  const names = [...new Set([...namesOf(host), ...loopback])];
  return { host, names, token: token ?? randomBytes(24).toString('base64url') };
}
