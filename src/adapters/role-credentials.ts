import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in the Lambdas' bundles for the SDK's chain of providers (`build:lambda`), and nowhere else: Lambda puts its
 * role's keys into the environment. The chain's single sign-on, profiles and role assuming would be a tenth of the bundle.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const defaultProvider = fromEnv;
