import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../flows/ports/log.js';

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Lets through what is of this level or above it. */
export function atLevel(level: LogLevel, log: Log): Log {
  const from = logLevels.indexOf(level);
  const only = (own: LogLevel, write: Log['info']): Log['info'] =>
    logLevels.indexOf(own) >= from ? write : () => undefined;
  return {
    debug: only('DEBUG', log.debug),
    info: only('INFO', log.info),
    warn: only('WARN', log.warn),
    error: only('ERROR', log.error),
  };
}

/** One JSON object a line on standard output, as CloudWatch reads it. */
export function createLog(level: LogLevel): Log {
  const logger = new Logger({ serviceName: 'trading-alerts', logLevel: level });
  // Powertools goes by AWS_LAMBDA_LOG_LEVEL in place of the level that it is given, and that one has to let all through:
  // Lambda would drop the lines of metrics too.
  return atLevel(level, {
    debug: (message, fields) => logger.debug(message, fields),
    info: (message, fields) => logger.info(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, fields) => logger.error(message, fields),
  });
}
