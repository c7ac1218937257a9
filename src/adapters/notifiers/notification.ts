export type { Json, Notification } from '../../domain/delivery/notification.js';
export type { ChannelProblem as Problem, SendOutcome } from '../../domain/delivery/outcome.js';
export type { Priority } from '../../domain/fields/priority.js';
