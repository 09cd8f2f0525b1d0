import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ss58Decode, verifySignature } from '../../../src/wallet/index.ts';

/** What the stand-in knows of a participant. */
interface Participant {
  hotkey: string;
  status: string;
}

export interface NatixDouble {
  readonly url: string;
  readonly participants: Map<string, Participant>;
  /** Bodies of the registrations that were accepted. */
  readonly accepted: Record<string, string>[];
  /** What each further look at the status finds, before it stays as it is. */
  readonly script: string[];
  /** What it says of registrations that fail. */
  why: string;
  /** Instead of answering: sends this, or hangs. */
  misbehave: { status: number; body: string } | 'hang' | undefined;
  close(): Promise<void>;
}

const FIELDS = ['uid', 'message', 'natix_public_key', 'natix_signature', 'type', 'model_repo'];

/**
 * Stands in for NATIX's application server, as strict as its script lets one suppose: exactly six strings, a signature
 * over the time that is valid and at most a minute old.
 */
export async function startNatixDouble(now: () => number = Date.now): Promise<NatixDouble> {
  const server = createServer((request, response) => void answer(request, response));
  const double: NatixDouble = {
    url: '',
    participants: new Map(),
    accepted: [],
    script: [],
    why: '',
    misbehave: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const send = (status: number, json: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(json));
    };
    if (double.misbehave === 'hang') return;
    if (double.misbehave !== undefined) {
      response.writeHead(double.misbehave.status, { 'content-type': 'text/plain' });
      response.end(double.misbehave.body);
      return;
    }
    const uid = /^\/participants\/registration-status\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (request.method === 'GET' && uid !== undefined) {
      const found = double.participants.get(uid);
      if (found === undefined) return send(404, { detail: 'Not Found' });
      found.status = double.script.shift() ?? found.status;
      const { hotkey, status } = found;
      return send(200, { status, hotkey, role: 'miner', error_message: double.why, uid: Number(uid) });
    }
    if (request.method === 'POST' && request.url === '/participants/register') {
      const body: Record<string, string> = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const wrong = FIELDS.filter((field) => typeof body[field] !== 'string');
      if (wrong.length > 0 || Object.keys(body).length !== FIELDS.length) {
        return send(422, { detail: wrong.map((field) => ({ loc: ['body', field], msg: 'Field required' })) });
      }
      const { uid = '', message = '', natix_public_key = '', natix_signature = '' } = body;
      const age = now() / 1_000 - Number(message);
      const signed =
        /^[0-9a-f]{128}$/.test(natix_signature) &&
        verifySignature({
          publicKey: ss58Decode(natix_public_key),
          message: Buffer.from(message),
          signature: Buffer.from(natix_signature, 'hex'),
        });
      if (!signed || !(age > -5 && age < 60)) return send(401, { detail: 'Invalid signature' });
      if (!/^[\w.-]+\/[\w.-]+$/.test(body.model_repo ?? ''))
        return send(400, { detail: 'Invalid model_repo' });
      double.accepted.push(body);
      double.participants.set(uid, { hotkey: natix_public_key, status: 'pending' });
      return send(200, { detail: 'Registration request accepted' });
    }
    return send(404, { detail: 'Not Found' });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(double, { url: `http://127.0.0.1:${port}` });
}
