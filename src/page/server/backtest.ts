import type { Context, Hono } from 'hono';
import { stream } from 'hono/streaming';
import type { WaitingAlert } from '../../domain/alert.js';
import { looksAtFunding } from '../../domain/conditions/judge.js';
import type { RowCells } from '../../domain/edit/cells.js';
import { candleStart } from '../../domain/evidence/candle.js';
import type { Reading } from '../../domain/fields/field.js';
import { columnNames } from '../../domain/fields/fields.js';
import { readValues } from '../../domain/fields/values.js';
import { notReplayedText } from '../../domain/funding.js';
import { alertIdentity } from '../../domain/identity.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { Cells } from '../../domain/rows.js';
import { newAlert } from '../../domain/sync-plan.js';
import { dayMs, hourMs, minuteMs } from '../../domain/time.js';
import { createExchangeCalls } from '../../flows/ask-exchanges.js';
import { backtest } from '../../flows/backtest.js';
import { createKnownMinutes, type KnownMinutes } from '../../flows/backtest-pages.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { BacktestLine, BacktestView } from '../protocol-views.js';
import { restsOn } from './backtest-text.js';
import type { Board } from './board.js';
import { bodyOf } from './body.js';
import { columnOf, type Refusal, readCells } from './edits.js';
import { refuse } from './guard.js';
import { pricesOf, sourceOf } from './prices.js';

const testedDays = 30;
/** As the deployed schedule checks. */
const everyMinutes = 5;
const longestMs = 120_000;
const requestsAtATime = 5;

/** As the sheet would read the row, told in the sheet's words. That it is paused is no reason not to test it. */
function readAlert(cells: RowCells, reading: Reading): Result<WaitingAlert, Refusal> {
  const blank = Object.fromEntries(columnNames.map((name) => [name, undefined])) as unknown as Cells;
  const values = readValues({ ...blank, ...cells, active: true }, reading);
  const [first] = values.ok ? [] : values.error;
  if (!values.ok) {
    const column = columnOf(first ?? '');
    const message = values.error.join('. ');
    return err({ status: 400, message, remedy: undefined, ...(column !== undefined && { column }) });
  }
  if (looksAtFunding(values.value.condition)) {
    return err({ status: 400, message: notReplayedText, remedy: undefined, column: 'condition' });
  }
  return ok(newAlert({ ...values.value, id: alertIdentity(values.value) }, reading.now));
}

type TestPorts = Pick<Ports, 'exchanges' | 'now' | 'newId' | 'timeZone'>;

interface Test {
  readonly ports: TestPorts;
  readonly alert: WaitingAlert;
  readonly known: KnownMinutes;
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** The market that a check would take. The error is a sentence. */
async function run({ ports, alert, known, signal, onProgress }: Test): Promise<Result<BacktestView, string>> {
  const { prices, markets } = await pricesOf(ports, [alert]);
  const market = markets.get(alert.id);
  const source = market && sourceOf(ports.exchanges, market);
  if (market === undefined || source === undefined) {
    const reasons = prices.map(({ exchange, problem }) => `${exchange}: ${problem}`);
    return err(reasons.length > 0 ? reasons.join('. ') : `no exchange gives a price of ${alert.symbol}`);
  }
  const startedAt = ports.now();
  const hasTime = () => !signal.aborted && ports.now() < startedAt + longestMs;
  const calls = createExchangeCalls(ports, {
    ...{ runId: ports.newId(), startedAt, isDryRun: true, requestsAtATime, hasTime },
  });
  const asked = { from: candleStart(startedAt - testedDays * dayMs, hourMs), to: startedAt, everyMinutes };
  // What the row says of its end is of the future.
  const unending = { ...alert, expires: undefined };
  const result = await backtest({
    ...{ market, source, calls, known, onProgress, alert: unending, everyMs: everyMinutes * minuteMs },
    ...{ from: asked.from, to: asked.to },
  });
  if (!result.ok) return result;
  const { fired, from, to } = result.value;
  return ok({
    ...{ market, from, to },
    fires: fired.map(({ touchedAt, firedAt, price }) => ({
      ...{ touchedAt: Date.parse(touchedAt), firedAt: Date.parse(firedAt), reached: price },
    })),
    rests: restsOn({ alert, market, result: result.value, asked, timeZone: ports.timeZone }),
  });
}

/** The answer comes line by line, and its requests end with whoever waited for them. */
const answer = (c: Context, test: Omit<Test, 'signal' | 'onProgress'>, onFault: (error: unknown) => void): Response => {
  c.header('content-type', 'application/x-ndjson; charset=utf-8');
  return stream(c, async (lines) => {
    const leaving = new AbortController();
    lines.onAbort(() => leaving.abort());
    if (lines.aborted) leaving.abort();
    const write = (line: BacktestLine) => lines.write(`${JSON.stringify(line)}\n`);
    try {
      const onProgress = (done: number, total: number) => void write({ kind: 'progress', done, total });
      const tested = await run({ ...test, signal: leaving.signal, onProgress });
      await write(tested.ok ? { kind: 'tested', test: tested.value } : { kind: 'failed', message: tested.error });
    } catch (error) {
      onFault(error);
      await write({ kind: 'failed', message: 'the page has failed at this; see what its terminal says' });
    }
  });
};

/** What an alert would have done, by the product's own replay, before its row is written. */
export function addBacktest(
  app: Hono,
  ports: TestPorts,
  board: Pick<Board, 'known'>,
  onFault: (error: unknown) => void,
): void {
  const known = createKnownMinutes();
  app.post('/api/backtest', async (c) => {
    const cells = readCells(await bodyOf(c));
    const reading = { ...board.known(), now: ports.now(), timeZone: ports.timeZone };
    const alert = cells.ok ? readAlert(cells.value, reading) : cells;
    if (alert.ok) return answer(c, { ports, alert: alert.value, known }, onFault);
    const { status, message, remedy, column } = alert.error;
    return refuse(c, status, message, remedy, column);
  });
}
