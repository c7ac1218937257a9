import type { HostState } from './ports/price-source.js';
import type { Decision } from './turns.js';

/** Failures one after another, after which a host is left alone for the run. */
export const failuresToOpen = 3;

interface Host {
  inFlight: number;
  failedInRow: number;
  /** The failure that opened the circuit. */
  opened?: string;
}

export interface CircuitBreaker {
  /** With `go` the request counts as under way, until its end. */
  admit(host: string): Decision;
  end(host: string, state: HostState): void;
  /** Why the host is left alone. */
  openedBy(host: string): string | undefined;
}

/**
 * For the hosts of one exchange, in one run. Each host is judged by itself, since one stands in where another fails.
 * After a failure at any of them no more requests go out than it takes to open the circuit, until one is answered: so a
 * host that hangs is found out by those that were on their way, and its stand-in by three.
 */
export function createCircuitBreaker(): CircuitBreaker {
  const hosts = new Map<string, Host>();
  let isInDoubt = false;

  function hostOf(name: string): Host {
    const host = hosts.get(name) ?? { inFlight: 0, failedInRow: 0 };
    hosts.set(name, host);
    return host;
  }

  return {
    admit(name) {
      const host = hostOf(name);
      if (host.opened !== undefined) return 'leave';
      if (isInDoubt && host.inFlight + host.failedInRow >= failuresToOpen) return 'wait';
      host.inFlight += 1;
      return 'go';
    },
    end(name, state) {
      const host = hostOf(name);
      host.inFlight -= 1;
      if (state === 'unsure') return;
      isInDoubt = state !== 'well';
      if (state === 'well') {
        host.failedInRow = 0;
        return;
      }
      host.failedInRow += 1;
      if (host.failedInRow >= failuresToOpen) host.opened ??= state.failure;
    },
    openedBy: (name) => hostOf(name).opened,
  };
}
