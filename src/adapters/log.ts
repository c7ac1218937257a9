import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../flows/ports.js';

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One JSON object a line on standard output, as CloudWatch reads it. */
export function createLog(level: LogLevel): Log {
  const logger = new Logger({ serviceName: 'trading-alerts', logLevel: level });
  return {
    debug: (message, fields) => logger.debug(message, fields),
    info: (message, fields) => logger.info(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, fields) => logger.error(message, fields),
  };
}
