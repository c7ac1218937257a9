import { type Problem, problemText } from '../domain/problem.js';
import type { AwsFailure } from './aws-failure.js';

/** The message says what to do. No part of the error holds a value of the secret, so it never has a `cause` either. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly problem: Problem;
  constructor(
    said: Problem | string,
    /** `problems`: a sentence for each wrong field. `aws`: how Secrets Manager refused. */
    readonly reason: { readonly problems?: readonly string[]; readonly aws?: AwsFailure } = {},
  ) {
    const problem = typeof said === 'string' ? { message: said } : said;
    super(problemText(problem));
    this.problem = problem;
  }
}
