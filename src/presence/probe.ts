import { connect } from 'node:net';

/** What a connection from this machine to an address came to. */
export type Probe =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Connects from this machine, asks for a page that no axon has, and looks at the first words of the answer. That shows where the
 * address leads from here, and nothing about others: routers and firewalls often treat a machine's connection to itself differently.
 */
export async function probe(host: string, port: number, timeoutMs = 3_000): Promise<Probe> {
  return await new Promise((resolve) => {
    let accepted = false;
    let text = '';
    const socket = connect({ host, port });
    const end = (result: Probe) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(
      () =>
        end(
          accepted ? { kind: 'accepted' } : { kind: 'failed', reason: `no answer in ${timeoutMs / 1_000} s` },
        ),
      timeoutMs,
    );
    socket.once('connect', () => {
      accepted = true;
      socket.write('GET /sv72-axon-check HTTP/1.1\r\nhost: axon\r\nconnection: close\r\n\r\n');
    });
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text = (text + chunk).slice(0, 64);
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
      if (status !== undefined) end({ kind: 'answered', status: Number(status) });
      else if (text.length >= 16) end({ kind: 'accepted' });
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(accepted ? { kind: 'accepted' } : { kind: 'failed', reason: error.code ?? error.message }),
    );
    socket.once('close', () => end({ kind: 'accepted' }));
  });
}

/** What that proves, and what not. */
export function probeText(place: string, result: Probe): string {
  switch (result.kind) {
    case 'answered':
      return `From this machine, ${place} leads to something that speaks HTTP (status ${result.status}). That others get through is not proved by it; challenges that arrive are the proof.`;
    case 'accepted':
      return `From this machine, a connection to ${place} is accepted, but what answers is no axon. That others get through is not proved either way.`;
    case 'failed':
      return `From this machine, no connection to ${place} comes about (${result.reason}). Behind some routers that is so although others get through; challenges that arrive are the proof.`;
  }
}
