import type { Stream } from '../load/index.ts';
import type { Signer } from './signer.ts';

const EMPTY_BODY_HASH = 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a';
const TIMEOUT_S = '9.0';

/** Hotkeys of the callers that a peer is told to allow; connections take them in turn. */
export const CALLERS = ['11', '44', '55', '66', '77', '88', '99', 'aa'].map((pair) => `0x${pair.repeat(32)}`);
/** A key that no peer knows. */
export const STRANGER = `0x${'33'.repeat(32)}`;
/** The hotkey of every axon. */
export const AXON_SEED = `0x${'22'.repeat(32)}`;

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly hotkey: string;
}

/** The body of an ImageSynapse as a dendrite sends it. */
export function imageBody(image: Uint8Array): Buffer {
  const terminal = (fields: object): object => ({
    status_code: null,
    status_message: null,
    process_time: null,
    ip: null,
    port: null,
    version: null,
    nonce: null,
    uuid: null,
    hotkey: null,
    signature: null,
    ...fields,
  });
  return Buffer.from(
    JSON.stringify({
      name: 'ImageSynapse',
      timeout: 9,
      total_size: 3187,
      header_size: 0,
      dendrite: terminal({ ip: '203.0.113.9', version: 9012002 }),
      axon: terminal({ ip: '127.0.0.1' }),
      computed_body_hash: '',
      testnet_label: -1,
      image: Buffer.from(image).toString('base64'),
      prediction: -1,
    }),
  );
}

interface HeadFields {
  readonly route?: string;
  readonly callerHotkey: string;
  readonly uuid: string;
  readonly bodyBytes: number;
}

/** A dendrite's request head in three pieces, between which nonce and signature belong. */
function headPieces(target: Target, fields: HeadFields): Pick<Stream, 'before' | 'between' | 'after'> {
  const { route = 'ImageSynapse', callerHotkey, uuid, bodyBytes } = fields;
  return {
    before: [
      `POST /${route} HTTP/1.1`,
      `Host: ${target.host}:${target.port}`,
      `name: ${route}`,
      `timeout: ${TIMEOUT_S}`,
      `bt_header_axon_ip: ${target.host}`,
      `bt_header_axon_port: ${target.port}`,
      `bt_header_axon_hotkey: ${target.hotkey}`,
      'bt_header_dendrite_ip: 203.0.113.9',
      'bt_header_dendrite_version: 9012002',
      'bt_header_dendrite_nonce: ',
    ].join('\r\n'),
    between: [
      '',
      `bt_header_dendrite_uuid: ${uuid}`,
      `bt_header_dendrite_hotkey: ${callerHotkey}`,
      'bt_header_dendrite_signature: 0x',
    ].join('\r\n'),
    after: [
      '',
      'header_size: 464',
      'total_size: 3187',
      `computed_body_hash: ${EMPTY_BODY_HASH}`,
      'Accept: */*',
      'Accept-Encoding: gzip, deflate',
      'User-Agent: Python/3.11 aiohttp/3.14.3',
      `Content-Length: ${bodyBytes}`,
      'Content-Type: application/json',
      '',
      '',
    ].join('\r\n'),
  };
}

export interface StreamOptions {
  readonly connections: number;
  /** Signed requests of each connection. */
  readonly each: number;
  /** Nonces are spread over this time, from now on. */
  readonly spanMs: number;
  readonly bodyBytes: number;
  readonly seeds?: readonly string[];
  /** The hotkey the signature is made for, when it should be the wrong one. */
  readonly signedFor?: string;
  readonly route?: string;
}

let uuids = 0;

/** Requests that are signed and fresh. A uuid per connection: the SDK's axon wants its nonces in order. */
export async function signedStreams(
  signer: Signer,
  target: Target,
  options: StreamOptions,
): Promise<Stream[]> {
  const { connections, each, spanMs, seeds = CALLERS, bodyBytes } = options;
  const fromNs = BigInt(Date.now()) * 1_000_000n;
  const stepNs = BigInt(Math.max(1, Math.floor((spanMs * 1e6) / Math.max(each, 1))));
  const nonces = Array.from({ length: each }, (_, i) => String(fromNs + BigInt(i) * stepNs));
  return await Promise.all(
    Array.from({ length: connections }, async (_, i) => {
      uuids += 1;
      const uuid = `bench-${process.pid}-${uuids}`;
      const seed = seeds[i % seeds.length] as string;
      const axon = options.signedFor ?? target.hotkey;
      const { hotkey, signatures } = await signer.sign({ seed, axon, uuids: [uuid], fromNs, stepNs, each });
      const route = options.route ?? 'ImageSynapse';
      const pieces = headPieces(target, { route, callerHotkey: hotkey, uuid, bodyBytes });
      return { ...pieces, nonces, signatures: signatures[0] ?? [] };
    }),
  );
}
