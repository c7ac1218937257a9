import { cutTo } from '../../src/adapters/notifiers/text.js';
import type { Asked, Trigger } from '../../src/domain/alert.js';
import type { Notification } from '../../src/domain/delivery/notification.js';
import { type Message, notificationFor, type Sending } from '../../src/domain/message.js';

/** https://pushover.net/api#messages */
export const narrowest = { title: 250, text: 1024 };

/** As the narrowest channel shows it. */
export function messageOfNotification(
  user: string,
  notification: Pick<Notification, 'title' | 'lines' | 'happenedAt'>,
): Message {
  const { title, text } = cutTo(notification, narrowest);
  return { user, title, text, timestamp: Math.floor(notification.happenedAt / 1000) };
}

export const messageFor = (alert: Asked, trigger: Trigger, sending: Sending): Message =>
  messageOfNotification(alert.user, notificationFor(alert, '', trigger, sending));
