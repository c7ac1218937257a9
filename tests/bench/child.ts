import { type ChildProcess, fork } from 'node:child_process';
import { messageOf } from '../../src/domain/error-message.js';

type Reply = { readonly value: unknown } | { readonly failed: string };

/** In a child: one answer for each question of the parent; it ends with its parent. */
export function answerParent<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on('message', (question) => {
    answer(question as Question).then(
      (value) => process.send?.({ value } satisfies Reply),
      (error: unknown) => {
        const trace = error instanceof Error ? error.stack : undefined;
        process.send?.({ failed: trace ?? messageOf(error) } satisfies Reply);
      },
    );
  });
  process.on('disconnect', () => process.exit());
}

export interface Child<Question> {
  ask<Answer>(question: Question): Promise<Answer>;
  end(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** A built file of the bench in a process of its own; what it prints is thrown away. */
export function startChild<Question>(
  path: string,
  options: {
    environment?: Readonly<Record<string, string>>;
    arguments?: readonly string[];
    node?: readonly string[];
  } = {},
): Child<Question> {
  const { environment = {}, arguments: given = [], node = [] } = options;
  const child = fork(path, given, {
    env: { PATH: process.env.PATH, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment },
    execArgv: [...node],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`${path} ended with ${code ?? 'a signal'}`));
        child.once('exit', ended);
        child.once('message', (reply: Reply) => {
          child.off('exit', ended);
          if ('failed' in reply) reject(new Error(reply.failed));
          else resolve(reply.value as never);
        });
        child.send(question as never);
      }),
    // It ends by itself then, and writes its profile where one was asked for.
    end: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
}
