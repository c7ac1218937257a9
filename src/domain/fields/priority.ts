/** How loudly an alert is told: silently, as usual, also in quiet hours, until it is acknowledged. */
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];
