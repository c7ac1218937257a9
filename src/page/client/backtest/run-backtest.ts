import { err, ok, type Result } from '../../../domain/result.js';
import type { Refused, RowEdit } from '../../protocol.js';
import type { BacktestLine, BacktestView } from '../../protocol-views.js';
import { isRefused, noAnswer } from '../api.js';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Whole lines as they come; what follows the last line break is none. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<BacktestLine> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as BacktestLine;
  }
}

/** Undefined where it was cancelled. The server ends with its reader. */
export async function runBacktest(
  row: RowEdit,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Result<BacktestView, Refused> | undefined> {
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await fetch('/api/backtest', { method: 'POST', headers, body: JSON.stringify(row), signal });
    if (!response.ok || response.body === null) {
      const body: unknown = await response.json().catch(() => undefined);
      return err(isRefused(body) ? body : noAnswer);
    }
    for await (const line of linesOf(response.body)) {
      if (line.kind === 'tested') return ok(line.test);
      if (line.kind === 'failed') return err({ message: line.message, remedy: undefined });
      onProgress(line);
    }
    return err(noAnswer);
  } catch {
    return signal.aborted ? undefined : err(noAnswer);
  }
}
