import { errorCode } from '../adapters/error-code.js';

const stop = new AbortController();

/** A check that is under way is ended first. Every other command ends as the system ends it. */
export function stopAtSignal(): AbortSignal {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
      // A second signal ends at once.
      process.once(signal, () => process.exit(130));
    });
  }
  return stop.signal;
}

/** Who read the answer has gone, as `head -1` does. What is under way is ended all the same; a watch has nobody to tell. */
export function stopWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (errorCode(error) !== 'EPIPE') throw error;
      stop.abort();
    });
  }
}
