/** Shared with template.yaml, whose alarms and dashboard read these names; a test holds them together. */
export const metricNamespace = 'TradingAlerts';

export const metricNames = [
  'RunCompleted',
  'RunDuration',
  'ArmedAlerts',
  'AlertsFired',
  'PushesAccepted',
  'PushesDeferred',
  'PushesRejected',
  'SheetRefused',
  'SheetUnavailable',
  'RowErrors',
  'MarketsChecked',
  'MarketsFailed',
  'OldestUndelivered',
  'WorkLeft',
  'Problems',
] as const;

/** `MarketsFailed` is counted by exchange too. */
export const exchangeDimension = 'exchange';
