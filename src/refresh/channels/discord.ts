import { cut } from '../message.ts';
import type { Channel } from '../remind.ts';
import { type Post, post } from './post.ts';

/** Discord takes 2,000 characters. */
const MOST = 2_000;

/** @param webhook its address, which is the secret */
export function discord(webhook: string, net: Post): Channel {
  return {
    name: 'discord',
    async send({ title, text }) {
      const content = cut(`**${title}**\n${text}`, MOST);
      // Nothing in a model's name may call anybody.
      const body = JSON.stringify({ content, allowed_mentions: { parse: [] } });
      await post(net, 'Discord', webhook, { body }, [webhook]);
    },
  };
}
