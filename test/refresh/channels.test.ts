import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ChannelName, type Message, openChannel } from '../../src/refresh/index.ts';
import { DAY, folder, HOTKEY, SUBMITTED } from './place.ts';
import { receiver } from './receiver.ts';
import { settings } from './settings.ts';

const MESSAGE: Message = {
  id: 'sv72-0123',
  title: 'sv72: train the next model: <roadwork> & co 1.2.0 is 56 days old',
  text: `Begin now. @everyone ${'ä'.repeat(6000)}`,
  level: 'overdue',
  keys: [`model ${HOTKEY} - ${SUBMITTED} train`],
  notices: [
    {
      key: `model ${HOTKEY} - ${SUBMITTED} train`,
      about: `model ${HOTKEY}`,
      kind: 'model',
      level: 'due',
      title: 'train',
      text: 'Begin now.',
      at: SUBMITTED + 55 * DAY,
      condition: false,
    },
  ],
};
const SECRET = 'geheim-0123456789';
const NOW = 1_785_000_000_000;

async function send(
  name: ChannelName,
  refresh: Record<string, unknown>,
  env: Record<string, string> = {},
  message = MESSAGE,
) {
  const at = { env, home: '/nowhere', cwd: '/nowhere' };
  await openChannel(name, settings(refresh).refresh, { at, timeoutMs: 3_000, now: () => NOW }).send(message);
}

describe('web hooks', () => {
  it('Discord: at most 2000 characters, and nobody is called', async () => {
    const hook = await receiver();
    hook.answer = { status: 204, body: '' };
    await send('discord', {}, { SV72_DISCORD_WEBHOOK: `${hook.url}/api/webhooks/1/${SECRET}` });
    const [got] = hook.received;
    expect(got?.path).toBe(`/api/webhooks/1/${SECRET}`);
    expect(got?.headers['content-type']).toBe('application/json');
    const body = JSON.parse(got?.body ?? '');
    expect(body.content).toContain(MESSAGE.title);
    expect(body.content.length).toBeLessThanOrEqual(2000);
    expect(body.allowed_mentions).toEqual({ parse: [] });
  });

  it('Slack: its three characters are escaped', async () => {
    const hook = await receiver();
    const file = join(folder(), 'hook');
    writeFileSync(file, `${hook.url}/services/${SECRET}\n`);
    await send('slack', { slack: { webhook_file: file } });
    const { text } = JSON.parse(hook.received[0]?.body ?? '');
    expect(text).toContain('&lt;roadwork&gt; &amp; co');
  });

  it('Telegram: chat and text, at most 4096 characters', async () => {
    const hook = await receiver();
    const env = { SV72_TELEGRAM_TOKEN: `1:${SECRET}` };
    await send('telegram', { telegram: { chat: '-100200', url: hook.url } }, env);
    expect(hook.received[0]?.path).toBe(`/bot1:${SECRET}/sendMessage`);
    const body = JSON.parse(hook.received[0]?.body ?? '');
    expect(body).toMatchObject({ chat_id: '-100200' });
    expect(body.text.length).toBeLessThanOrEqual(4096);
  });

  it('ntfy: as JSON to the server of the topic, urgent when overdue', async () => {
    const hook = await receiver();
    await send('ntfy', { ntfy: { url: `${hook.url}/my-topic` } }, { SV72_NTFY_TOKEN: SECRET });
    expect(hook.received[0]?.path).toBe('/');
    expect(hook.received[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
    const body = JSON.parse(hook.received[0]?.body ?? '');
    expect(body).toMatchObject({ topic: 'my-topic', title: MESSAGE.title, priority: 5 });
    expect(Buffer.byteLength(body.message)).toBeLessThan(4096);
  });

  it.each([
    ['text', SECRET, Buffer.from(SECRET)],
    ['whsec_', `whsec_${Buffer.from(SECRET).toString('base64')}`, Buffer.from(SECRET)],
  ])('webhook: signed with a secret given as %s', async (_, secret, key) => {
    const hook = await receiver();
    await send('webhook', { webhook: { url: `${hook.url}/in` } }, { SV72_WEBHOOK_SECRET: secret });
    const [got] = hook.received;
    const { headers = {}, body = '' } = got ?? {};
    expect(headers['webhook-id']).toBe(MESSAGE.id);
    expect(headers['webhook-timestamp']).toBe(String(NOW / 1000));
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    expect(JSON.parse(body)).toMatchObject({
      type: 'sv72.reminder',
      data: { level: 'overdue', keys: MESSAGE.keys, reminders: [{ kind: 'model', title: 'train' }] },
    });
  });

  it('a refusal is said without the secret, also when the receiver repeats it', async () => {
    const hook = await receiver();
    const env = { SV72_TELEGRAM_TOKEN: `1:${SECRET}` };
    hook.answer = { status: 401, body: '{"description":"Unauthorized"}' };
    const refresh = { telegram: { chat: '1', url: hook.url } };
    await expect(send('telegram', refresh, env)).rejects.toMatchObject({
      code: 'ERR_REFRESH_SEND',
      message: expect.stringContaining('status 401: {"description":"Unauthorized"}'),
    });
    hook.answer = { status: 400, body: `no bot 1:${SECRET} here` };
    await expect(send('telegram', refresh, env)).rejects.toThrow(/refused the message \(status 400\)\.$/);
  });

  it('a redirect is not followed, a closed port is said', async () => {
    const [hook, other] = [await receiver(), await receiver()];
    hook.answer = { status: 307, body: '', headers: { location: `${other.url}/stolen` } };
    const env = { SV72_WEBHOOK_SECRET: SECRET };
    await expect(send('webhook', { webhook: { url: hook.url } }, env)).rejects.toThrow('status 307');
    expect(other.received).toEqual([]);
    await expect(send('webhook', { webhook: { url: await closedPort() } }, env)).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('a channel that is not set up says what is missing', () => {
  it.each<[ChannelName, Record<string, unknown>, Record<string, string>, string]>([
    ['discord', {}, {}, 'needs a secret'],
    [
      'slack',
      { slack: { webhook_file: '/nowhere/hook' } },
      {},
      'refresh.slack.webhook_file names, cannot be read',
    ],
    ['telegram', {}, { SV72_TELEGRAM_TOKEN: SECRET }, 'needs refresh.telegram.chat'],
    ['ntfy', {}, {}, 'needs refresh.ntfy.url'],
    ['webhook', { webhook: { url: 'http://127.0.0.1:9' } }, {}, 'needs a secret'],
    ['email', {}, {}, 'needs refresh.email.to'],
    ['discord', {}, { SV72_DISCORD_WEBHOOK: `ftp://${SECRET}` }, 'is no https address'],
    [
      'email',
      { email: { to: 'a@b.example', host: 'mail.example', user: 'a', security: 'none' } },
      { SV72_SMTP_PASSWORD: SECRET },
      'without TLS',
    ],
  ])('%s with %j', async (name, refresh, env, problem) => {
    const error: unknown = await send(name, refresh, env).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_REFRESH_CHANNEL', message: expect.stringContaining(problem) });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });
});

describe('e-mail', () => {
  async function server(options: Partial<SMTPServerOptions>): Promise<{ port: number; mails: string[] }> {
    const mails: string[] = [];
    const smtp = new SMTPServer({
      logger: false,
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
        });
        stream.on('end', () => {
          mails.push(text);
          done();
        });
      },
      ...options,
    });
    smtp.on('error', () => undefined);
    const listener = smtp.listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    onTestFinished(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
    const address = listener.address();
    return { port: typeof address === 'object' && address !== null ? address.port : 0, mails };
  }
  const to = 'miner@example.org';

  it('arrives, with a login on this machine', async () => {
    const logins: unknown[] = [];
    const { port, mails } = await server({
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        logins.push([username, password]);
        done(null, { user: username });
      },
    });
    const email = { to, host: '127.0.0.1', port, security: 'none', user: 'me' };
    await send('email', { email }, { SV72_SMTP_PASSWORD: SECRET }, { ...MESSAGE, text: 'Begin now.' });
    expect(logins).toEqual([['me', SECRET]]);
    expect(mails[0]).toMatch(/^To: miner@example\.org\r$/m);
    expect(mails[0]).toMatch(/^Message-ID: <sv72-0123@sv72\.invalid>\r$/m);
    expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mails[0]).toContain('Begin now.');
  });

  it('is not sent where STARTTLS is asked for and cannot be had', async () => {
    const { port, mails } = await server({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const email = { to, host: '127.0.0.1', port };
    await expect(send('email', { email })).rejects.toMatchObject({ code: 'ERR_REFRESH_SEND' });
    expect(mails).toEqual([]);
  });

  it('a refusal is said without what the server repeats', async () => {
    const { port } = await server({
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error(`no ${SECRET}`)),
    });
    const email = { to, host: '127.0.0.1', port, security: 'none', user: 'me' };
    const error: unknown = await send('email', { email }, { SV72_SMTP_PASSWORD: SECRET }).catch(
      (e: unknown) => e,
    );
    expect(String(error)).toContain('EAUTH 535');
    expect(String(error)).not.toContain(SECRET);
  });
});
