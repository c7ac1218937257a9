/** A check every five minutes for 730 hours. */
export const checksAMonth = 8_760;

/** US dollars, us-east-1; where the product may run, DynamoDB is up to a quarter dearer. Lambda: arm64. */
export const prices = {
  millionReadUnits: 0.125,
  millionWriteUnits: 0.625,
  secretMonth: 0.4,
  tenThousandSecretReads: 0.05,
  /** https://aws.amazon.com/lambda/pricing/ */
  millionInvocations: 0.2,
  gbSecond: 0.0000133334,
  freeInvocations: 1_000_000,
  freeGbSeconds: 400_000,
};

export interface MonthsCost {
  readonly dynamodb: number;
  /** Without the free tier. */
  readonly lambda: number;
  readonly lambdaBeyondFree: number;
  /** The secret itself, and the reads of it. */
  readonly secret: number;
  readonly secretReads: number;
  /** With Lambda's free tier, without the secret itself. */
  readonly withoutSecret: number;
  readonly withoutSecretAndFreeTier: number;
}

/** A check's consumption, made a month's: the arithmetic is the same for every program. */
export function monthsCost(check: {
  lambdaMs: number;
  memoryMb: number;
  readUnits: number;
  writeUnits: number;
  secretReads: number;
  hasSecret: boolean;
}): MonthsCost {
  const gbSeconds = (check.lambdaMs / 1000) * (check.memoryMb / 1024) * checksAMonth;
  const beyond = (used: number, free: number): number => Math.max(0, used - free);
  const lambdaOf = (invocations: number, seconds: number): number =>
    (invocations / 1e6) * prices.millionInvocations + seconds * prices.gbSecond;
  const dynamodb =
    ((check.readUnits * prices.millionReadUnits + check.writeUnits * prices.millionWriteUnits) * checksAMonth) / 1e6;
  const lambda = lambdaOf(checksAMonth, gbSeconds);
  const lambdaBeyondFree = lambdaOf(
    beyond(checksAMonth, prices.freeInvocations),
    beyond(gbSeconds, prices.freeGbSeconds),
  );
  // The secret is kept for ten minutes, so that at least every second check reads it.
  const readsOfSecret = check.hasSecret ? Math.max(check.secretReads, 0.5) * checksAMonth : 0;
  const secretReads = (readsOfSecret / 10_000) * prices.tenThousandSecretReads;
  return {
    dynamodb,
    lambda,
    lambdaBeyondFree,
    secret: check.hasSecret ? prices.secretMonth : 0,
    secretReads,
    withoutSecret: dynamodb + lambdaBeyondFree + secretReads,
    withoutSecretAndFreeTier: dynamodb + lambda + secretReads,
  };
}
