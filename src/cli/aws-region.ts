import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface FoundRegion {
  readonly region: string | undefined;
  readonly source: string;
}

/** The option, the environment, then the AWS profile. The AWS CLI knows AWS_DEFAULT_REGION, the SDK does not. */
export async function findRegion(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundRegion> {
  if (option !== undefined) return { region: option, source: '--region' };
  for (const source of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
    const region = environment[source]?.trim();
    if (region) return { region, source };
  }
  // Throws where the profile names none.
  const region = await new SecretsManagerClient({}).config.region().catch(() => undefined);
  return { region, source: 'the AWS profile' };
}
