import { createApp } from '../app.js';
import { ConfigError, readConfig } from '../config.js';
import { isRegion, regionProblem } from '../domain/region.js';
import { createCheckHandler } from './check-handler.js';

/** Where every exchange would refuse the function, it says so at its start instead of at every check. */
function refuseRegion(region: string | undefined): void {
  const problem = region !== undefined && isRegion(region) ? regionProblem(region) : undefined;
  if (problem !== undefined) throw new ConfigError([`AWS_REGION: ${problem}`]);
}

refuseRegion(process.env['AWS_REGION']);

/** The Lambda's entry. A wrong environment ends the cold start here, by name. */
export const handler = createCheckHandler(createApp(readConfig(process.env)));
