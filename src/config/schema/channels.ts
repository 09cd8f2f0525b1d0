import { z } from 'zod';
import { port, secretFile, webAddress } from './fields.ts';

/** Where reminders go. */
export const channels = {
  channels: z
    .array(z.enum(['desktop', 'email', 'discord', 'telegram', 'slack', 'ntfy', 'webhook']))
    .max(7)
    .default([])
    .describe('Where reminders are sent: desktop, email, discord, telegram, slack, ntfy, webhook.'),
  email: z
    .strictObject({
      to: z.string().max(320).nullable().default(null).describe('Address that reminders are sent to.'),
      from: z.string().max(320).nullable().default(null).describe('Sender; null: the same address.'),
      host: z.string().max(255).default('localhost').describe('SMTP server.'),
      port: port.default(587).describe('Port of the SMTP server.'),
      security: z
        .enum(['tls', 'starttls', 'none'])
        .default('starttls')
        .describe('tls from the first byte, starttls (refused where it cannot be had), or none.'),
      user: z.string().max(320).nullable().default(null).describe('User name there; null: no login.'),
      password_file: secretFile.describe('File with the password; or the variable SV72_SMTP_PASSWORD.'),
    })
    .prefault({}),
  discord: z
    .strictObject({
      webhook_file: secretFile.describe(
        'File with the webhook’s address; or the variable SV72_DISCORD_WEBHOOK.',
      ),
    })
    .prefault({}),
  slack: z
    .strictObject({
      webhook_file: secretFile.describe(
        'File with the webhook’s address; or the variable SV72_SLACK_WEBHOOK.',
      ),
    })
    .prefault({}),
  telegram: z
    .strictObject({
      chat: z.string().max(64).nullable().default(null).describe('Number of the chat, or @channel.'),
      token_file: secretFile.describe('File with the bot’s token; or the variable SV72_TELEGRAM_TOKEN.'),
      url: webAddress.default('https://api.telegram.org').describe('Server of the Bot API.'),
    })
    .prefault({}),
  ntfy: z
    .strictObject({
      url: webAddress.nullable().default(null).describe('Address of the topic: https://ntfy.sh/my-topic.'),
      token_file: secretFile.describe('File with a token, if it wants one; or SV72_NTFY_TOKEN.'),
    })
    .prefault({}),
  webhook: z
    .strictObject({
      url: webAddress.nullable().default(null).describe('Address that is sent JSON, signed.'),
      secret_file: secretFile.describe(
        'File with the secret that it is signed with (whsec_ and base64); or SV72_WEBHOOK_SECRET.',
      ),
    })
    .prefault({}),
};
