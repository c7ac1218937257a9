import { createApp } from '../app.js';
import { readConfig } from '../config.js';
import { createCheckHandler } from './check-handler.js';

/** The Lambda's entry. A wrong environment ends the cold start here, by name. */
export const handler = createCheckHandler(createApp(readConfig(process.env)));
