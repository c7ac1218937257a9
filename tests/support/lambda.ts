import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A built function as Lambda runs it: processes that are loaded once and invoked again and again, one event at a time. */
export interface LambdaFunction {
  /** By a process that has nothing to do, or by a new one. Rejects where the handler throws, or the process ends. */
  invoke(event: unknown, context: { readonly getRemainingTimeInMillis: () => number }): Promise<unknown>;
  /** Ends one that is at work, as hard as it can be. Whether there was one. */
  killOne(): boolean;
  close(): Promise<void>;
}

const program = `
  import { createInterface } from 'node:readline';
  const { handler } = await import(process.argv[1]);
  for await (const line of createInterface({ input: process.stdin })) {
    const { event, remainingMs } = JSON.parse(line);
    const endsAt = Date.now() + remainingMs;
    const context = { getRemainingTimeInMillis: () => endsAt - Date.now() };
    const answer = await handler(event, context).then((answer) => ({ answer }), (error) => ({ error: String(error) }));
    process.stdout.write('\\nANSWER ' + JSON.stringify(answer) + '\\n');
  }`;

interface Environment {
  readonly child: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

/** `name`: of the bundle in `dist`. Of this machine's environment it has PATH alone. */
export function startFunction(
  name: 'check' | 'deliver',
  variables: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): LambdaFunction {
  const all = new Set<ChildProcess>();
  const idle: Environment[] = [];
  const working = new Set<Environment>();

  function begin(): Environment {
    const words = [...options, '--input-type=module', '--eval', program, join(process.cwd(), 'dist', `${name}.mjs`)];
    const env = { PATH: process.env.PATH, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...variables };
    const child = spawn(process.execPath, words, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    all.add(child);
    child.once('exit', () => all.delete(child));
    // One that was killed takes no more events.
    child.stdin.on('error', () => undefined);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  async function answerOf(environment: Environment): Promise<unknown> {
    for (;;) {
      const { value, done } = await environment.lines.next();
      if (done) throw new Error(`a process of ${name} ended before it answered`);
      if (!value.startsWith('ANSWER ')) continue;
      const { answer, error } = JSON.parse(value.slice(7)) as { answer?: unknown; error?: string };
      if (error !== undefined) throw new Error(error);
      return answer;
    }
  }

  return {
    async invoke(event, context) {
      const environment = idle.pop() ?? begin();
      working.add(environment);
      const asked = { event, remainingMs: context.getRemainingTimeInMillis() };
      environment.child.stdin?.write(`${JSON.stringify(asked)}\n`);
      try {
        return await answerOf(environment);
      } finally {
        working.delete(environment);
        if (all.has(environment.child) && !environment.child.killed) idle.push(environment);
      }
    },
    killOne() {
      const one = [...working].find(({ child }) => !child.killed);
      return one?.child.kill('SIGKILL') ?? false;
    },
    async close() {
      await Promise.all(
        [...all].map((child) => {
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          return exited;
        }),
      );
    },
  };
}
