import { cut } from '../message.ts';
import type { Channel } from '../remind.ts';
import { type Post, post } from './post.ts';

/** Telegram takes 4,096 characters. */
const MOST = 4_096;

/** @param token the bot's @param url server of the Bot API */
export function telegram(token: string, chat: string, url: string, net: Post): Channel {
  return {
    name: 'telegram',
    async send({ title, text }) {
      const body = JSON.stringify({
        chat_id: chat,
        text: cut(`${title}\n\n${text}`, MOST),
        link_preview_options: { is_disabled: true },
      });
      await post(net, 'Telegram', `${url.replace(/\/+$/, '')}/bot${token}/sendMessage`, { body }, [token]);
    },
  };
}
