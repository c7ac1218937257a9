import * as v from 'valibot';

const expected = "expected the client_email and private_key of the service account's key file";
const expectedEmail = "expected the service account's e-mail address";
const expectedPrivateKey = "expected the private_key of the service account's key file";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * As the secret holds it. What the private key is worth is found out when the sheet is read: a wrong one must not stop
 * the notifications.
 */
export const ServiceAccountKey = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isObject, expected),
  // A field that is missing is asked for in its own words.
  v.transform(({ client_email, private_key }): unknown => ({ client_email, private_key })),
  v.object({
    client_email: v.pipe(
      v.string(expectedEmail),
      v.trim(),
      v.maxLength(254, expectedEmail),
      v.regex(/^[^\s@]+@[^\s@]+$/, expectedEmail),
    ),
    private_key: v.pipe(v.string(expectedPrivateKey), v.minLength(1, expectedPrivateKey)),
  }),
);

export type ServiceAccount = v.InferOutput<typeof ServiceAccountKey>;
