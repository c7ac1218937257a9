import { createHttp } from '../../src/adapters/http.js';
import type { GoogleAccess } from '../../src/adapters/sheet/google-api.js';
import { createFakeSecret } from '../../src/simulators/fake-secret.js';
import { createTraffic, type Traffic } from '../../src/simulators/faults.js';
import { type GoogleState, googleSimulator } from '../../src/simulators/google/google.js';
import type { SheetRows } from '../../src/simulators/google/state.js';
import { serveSimulator } from '../../src/simulators/loopback.js';

export interface TestGoogle {
  readonly state: GoogleState;
  readonly traffic: Traffic;
  readonly access: GoogleAccess;
  /** The simulator itself, for a test that asks it so often that sockets would cost too much: in place of `fetch`. */
  readonly fetch: typeof globalThis.fetch;
  /** The tab of the alerts. */
  rows(): SheetRows;
  /** A new sheet: nothing of the one before is left. */
  reset(rows: SheetRows): void;
  /** Runs `act` before the n-th request to the sheet is answered, the first being 1. */
  before(n: number, act: () => void): void;
  /** Of the requests to the sheet since the reset. */
  calls(): string[];
  close(): Promise<void>;
}

/** The simulator of Sheets on loopback, and what an adapter needs to get there. */
export async function startTestGoogle(): Promise<TestGoogle> {
  const { secret, account } = await createFakeSecret([]);
  const state: GoogleState = {
    spreadsheetId: 'the-sheet',
    tabs: new Map(),
    looks: new Map(),
    account,
    access: 'shared',
    tokens: new Map(),
  };
  const traffic = createTraffic();
  const app = googleSimulator(state, traffic);
  const { url, close } = await serveSimulator(app, traffic);
  const isOfSheet = ({ path }: { path: string }): boolean => path.startsWith('/v4/');
  return {
    state,
    traffic,
    fetch: async (input, init) => app.fetch(new Request(input, init)),
    access: {
      spreadsheetId: state.spreadsheetId,
      tab: 'Alerts',
      baseUrl: url,
      tokenUrl: `${url}/token`,
      account: async () => secret.google_service_account,
      http: createHttp({ timeoutMs: 5_000, retries: 0 }),
      now: Date.now,
      pauseMs: 1,
    },
    rows: () => state.tabs.get('Alerts') ?? [],
    reset(rows) {
      state.tabs.clear();
      state.looks.clear();
      state.access = 'shared';
      delete state.quota;
      state.tabs.set('Alerts', rows);
      traffic.requests.length = 0;
      traffic.fault = () => undefined;
    },
    before(n, act) {
      const earlier = traffic.fault;
      traffic.fault = (request) => {
        const fault = earlier(request);
        if (isOfSheet(request) && traffic.requests.filter(isOfSheet).length === n) act();
        return fault;
      };
    },
    calls: () =>
      traffic.requests.filter(isOfSheet).map(({ method, path }) => `${method} ${path.replace(/^.*the-sheet/, '')}`),
    close,
  };
}
