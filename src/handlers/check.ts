import { createApp } from '../app.js';
import { readConfig, refuseRegion } from '../config.js';
import { createCheckHandler } from './check-handler.js';

refuseRegion(process.env);

/** The Lambda's entry. A wrong environment or region ends the cold start here, by name. */
export const handler = createCheckHandler(createApp(readConfig(process.env)));
