import { Sv72Error } from '../../errors/index.ts';
import type { Channel } from '../remind.ts';

export interface EmailOptions {
  readonly to: string;
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly timeoutMs: number;
  /** Further authorities that the server's certificate may be of, PEM. */
  readonly ca?: string | undefined;
}

/** An e-mail by SMTP. A password is never sent without TLS. */
export function email({ to, from, host, port, security, login, timeoutMs, ca }: EmailOptions): Channel {
  return {
    name: 'email',
    async send({ id, title, text, level }) {
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        host,
        port,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(ca !== undefined && { tls: { ca } }),
        ...(login && { auth: { user: login.user, pass: login.password } }),
      });
      try {
        await transport.sendMail({
          to,
          from,
          subject: title,
          text: `${text}\n`,
          messageId: `<${id}@sv72.invalid>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          ...(level === 'overdue' && { priority: 'high' }),
        });
      } catch (error) {
        throw new Sv72Error('ERR_REFRESH_SEND', `The e-mail was not taken by ${host} (${reasonOf(error)}).`);
      } finally {
        transport.close();
      }
    },
  };
}

/** What the library calls the failure and the server's status; what the server said may repeat the password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : '';
  return [code, status].filter((part) => part !== '').join(' ') || error.name;
}
