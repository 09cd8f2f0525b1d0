import type { Settings, Surroundings } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { Channel } from '../remind.ts';
import { desktop } from './desktop.ts';
import { discord } from './discord.ts';
import { email } from './email.ts';
import { ntfy } from './ntfy.ts';
import type { Post } from './post.ts';
import { readSecret, requireSecret, type SecretPlace } from './secret.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

type Refresh = Settings['refresh'];

/** Names of the channels, as `refresh.channels` has them. */
export type ChannelName = Refresh['channels'][number];

export interface ChannelOptions {
  readonly at: Surroundings;
  readonly fetch?: typeof globalThis.fetch;
  /** Longest wait for one channel, milliseconds (default 20,000). */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

const TIMEOUT_MS = 20_000;

/** Where each channel's secret is; null for one that has none. */
export function secretPlaces(refresh: Refresh): Readonly<Record<ChannelName, SecretPlace | null>> {
  const place = (variable: string, setting: string, file: string | null) => ({ variable, setting, file });
  return {
    desktop: null,
    email: place('SV72_SMTP_PASSWORD', 'refresh.email.password_file', refresh.email.password_file),
    discord: place('SV72_DISCORD_WEBHOOK', 'refresh.discord.webhook_file', refresh.discord.webhook_file),
    slack: place('SV72_SLACK_WEBHOOK', 'refresh.slack.webhook_file', refresh.slack.webhook_file),
    telegram: place('SV72_TELEGRAM_TOKEN', 'refresh.telegram.token_file', refresh.telegram.token_file),
    ntfy: place('SV72_NTFY_TOKEN', 'refresh.ntfy.token_file', refresh.ntfy.token_file),
    webhook: place('SV72_WEBHOOK_SECRET', 'refresh.webhook.secret_file', refresh.webhook.secret_file),
  };
}

/**
 * The channel of that name. One that is not set up properly is a channel whose sending says so: it stops no other.
 */
export function openChannel(
  name: ChannelName,
  refresh: Refresh,
  options: ChannelOptions,
): Channel<ChannelName> {
  return { name, send: async (message) => (await make(name, refresh, options)).send(message) };
}

async function make(name: ChannelName, refresh: Refresh, options: ChannelOptions): Promise<Channel> {
  const { at, fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS, now = Date.now } = options;
  const net: Post = { fetch, timeoutMs };
  const places = secretPlaces(refresh);
  const secret = async (of: Exclude<ChannelName, 'desktop'>) =>
    await requireSecret(of, placeOf(places, of), at);
  switch (name) {
    case 'desktop':
      return desktop({ env: at.env });
    case 'discord':
      return discord(webAddress('discord', await secret('discord')), net);
    case 'slack':
      return slack(webAddress('slack', await secret('slack')), net);
    case 'telegram': {
      const { url } = refresh.telegram;
      const chat = given(name, 'refresh.telegram.chat', refresh.telegram.chat);
      return telegram(await secret('telegram'), chat, url, net);
    }
    case 'ntfy': {
      const url = given(name, 'refresh.ntfy.url', refresh.ntfy.url);
      return ntfy(url, await readSecret(placeOf(places, 'ntfy'), at), net);
    }
    case 'webhook': {
      const url = given(name, 'refresh.webhook.url', refresh.webhook.url);
      return webhook(url, await secret('webhook'), net, now);
    }
    case 'email': {
      const { host, port, security, user } = refresh.email;
      const to = given(name, 'refresh.email.to', refresh.email.to);
      const login = user === null ? undefined : { user, password: await secret('email') };
      if (login !== undefined && security === 'none' && !isLocal(host)) {
        throw new Sv72Error(
          'ERR_REFRESH_CHANNEL',
          'A password would be sent to the mail server without TLS.',
          {
            next: 'Set refresh.email.security to starttls or tls.',
          },
        );
      }
      return email({ to, from: refresh.email.from ?? to, host, port, security, login, timeoutMs });
    }
  }
}

function placeOf(
  places: ReturnType<typeof secretPlaces>,
  name: Exclude<ChannelName, 'desktop'>,
): SecretPlace {
  const place = places[name];
  if (place === null) throw new TypeError(`${name} has no secret`);
  return place;
}

function given(channel: string, setting: string, value: string | null): string {
  if (value !== null) return value;
  throw new Sv72Error('ERR_REFRESH_CHANNEL', `The channel ${channel} needs ${setting}, which is not set.`, {
    next: `Set it: \`sv72 config set ${setting} VALUE\`.`,
  });
}

/** A webhook's address is a secret: it is not repeated. */
function webAddress(channel: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname))))
    return url.href;
  throw new Sv72Error(
    'ERR_REFRESH_CHANNEL',
    `The secret of the channel ${channel} is no https address of a webhook.`,
  );
}

function isLocal(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
