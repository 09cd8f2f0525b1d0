import { cut } from '../message.ts';
import type { Channel } from '../remind.ts';
import { type Post, post } from './post.ts';

/** ntfy makes an attachment of longer messages, bytes. */
const MOST = 1_300;

/** @param topicUrl server and topic in one, as people copy it */
export function ntfy(topicUrl: string, token: string | undefined, net: Post): Channel {
  const url = new URL(topicUrl);
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const topic = decodeURIComponent(parts.pop() ?? '');
  const server = `${url.origin}/${parts.join('/')}`;
  return {
    name: 'ntfy',
    async send({ title, text, level }) {
      const body = JSON.stringify({
        topic,
        title: cut(title, 250),
        message: cut(text, MOST),
        priority: level === 'overdue' ? 5 : 3,
        tags: [level === 'overdue' ? 'rotating_light' : 'hourglass'],
      });
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      await post(net, 'ntfy', server, { headers, body }, [token ?? '']);
    },
  };
}
