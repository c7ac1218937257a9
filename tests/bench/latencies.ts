/** How long each service takes to answer, in ms; the same for every program that is measured. */
export const latencyMs = { secret: 20, token: 100, sheet: 300, dynamodb: 8, exchange: 120, push: 150, queue: 10 };
