import { createHmac } from 'node:crypto';
import type { Channel } from '../remind.ts';
import { type Post, post } from './post.ts';

/**
 * JSON, signed as Standard Webhooks (standardwebhooks.com) does it: `webhook-id`, `webhook-timestamp` and
 * `webhook-signature: v1,` with the base64 of an HMAC-SHA-256 over `id.timestamp.body`.
 *
 * @param secret as text, or `whsec_` and base64
 * @param now Unix milliseconds
 */
export function webhook(url: string, secret: string, net: Post, now: () => number): Channel {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice(6), 'base64')
    : Buffer.from(secret, 'utf8');
  return {
    name: 'webhook',
    async send({ id, title, text, level, notices, keys }) {
      const body = JSON.stringify({
        type: 'sv72.reminder',
        timestamp: new Date(now()).toISOString(),
        data: {
          title,
          text,
          level,
          keys,
          reminders: notices.map((notice) => ({
            key: notice.key,
            kind: notice.kind,
            level: notice.level,
            title: notice.title,
            text: notice.text,
            at: notice.at,
          })),
        },
      });
      const timestamp = String(Math.floor(now() / 1000));
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      };
      await post(net, 'The webhook', url, { headers, body }, [secret]);
    },
  };
}
