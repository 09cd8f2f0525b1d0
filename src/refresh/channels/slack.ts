import { cut } from '../message.ts';
import type { Channel } from '../remind.ts';
import { type Post, post } from './post.ts';

/** Slack takes 40,000 characters; nobody reads as many. */
const MOST = 8_000;

/** @param webhook its address, which is the secret */
export function slack(webhook: string, net: Post): Channel {
  return {
    name: 'slack',
    async send({ title, text }) {
      const escaped = cut(`${title}\n${text}`, MOST)
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;');
      await post(net, 'Slack', webhook, { body: JSON.stringify({ text: escaped }) }, [webhook]);
    },
  };
}
