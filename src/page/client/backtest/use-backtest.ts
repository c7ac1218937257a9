import { useEffect, useRef, useState } from 'preact/hooks';
import type { Result } from '../../../domain/result.js';
import type { Refused, RowEdit } from '../../protocol.js';
import type { BacktestView } from '../../protocol-views.js';
import { type Progress, runBacktest } from './run-backtest.js';

export type BacktestState =
  | { readonly kind: 'none' }
  | { readonly kind: 'runs'; readonly progress: Progress | undefined }
  | { readonly kind: 'tested'; readonly test: BacktestView }
  | { readonly kind: 'refused'; readonly refused: Refused };

const none: BacktestState = { kind: 'none' };

export interface Backtest {
  readonly state: BacktestState;
  run(row: RowEdit): Promise<Result<BacktestView, Refused> | undefined>;
  /** Also forgets what was found out: it is about a row that says something else by now. */
  cancel(): void;
}

/** One at a time; it ends when the person leaves. */
export function useBacktest(onTest: (test: BacktestView | undefined) => void): Backtest {
  const [state, setState] = useState<BacktestState>(none);
  const running = useRef<AbortController>(undefined);
  const stop = () => {
    running.current?.abort();
    running.current = undefined;
  };
  useEffect(() => stop, []);
  return {
    state,
    async run(row) {
      stop();
      const own = new AbortController();
      running.current = own;
      onTest(undefined);
      setState({ kind: 'runs', progress: undefined });
      const answer = await runBacktest(row, own.signal, (progress) => {
        if (!own.signal.aborted) setState({ kind: 'runs', progress });
      });
      if (own.signal.aborted || answer === undefined) return undefined;
      running.current = undefined;
      setState(answer.ok ? { kind: 'tested', test: answer.value } : { kind: 'refused', refused: answer.error });
      if (answer.ok) onTest(answer.value);
      return answer;
    },
    cancel() {
      stop();
      if (state.kind === 'none') return;
      setState(none);
      onTest(undefined);
    },
  };
}
