import { createHash } from 'node:crypto';
import type { Keypair } from '../../../src/wallet/index.ts';
import { axonMessage, btauthPayload, EMPTY_BODY_HASH } from '../../../src/wire/index.ts';
import { CAPTURED_NONCE } from './axon.ts';
import type { Call } from './http.ts';
import { M, V } from './keys.ts';

export type HeaderList = [string, string][];

export const UUID = '3b10f0ac-e520-11f1-bf01-02fc00000001';

export interface SynapseOptions {
  readonly signer?: Keypair;
  readonly axonHotkey?: string;
  readonly nonce?: bigint | string;
  /** What is signed as nonce, when it differs from the header. */
  readonly signedNonce?: string;
  readonly uuid?: string;
  readonly timeout?: string | null;
  readonly bodyHash?: string;
  readonly wrap?: boolean;
}

/** The headers of a dendrite's request. */
export function synapseHeaders(options: SynapseOptions = {}): HeaderList {
  const {
    signer = V,
    axonHotkey = M.ss58,
    uuid = UUID,
    timeout = '9.0',
    bodyHash = EMPTY_BODY_HASH,
  } = options;
  const nonce = String(options.nonce ?? CAPTURED_NONCE);
  const text = axonMessage({
    nonce: options.signedNonce ?? nonce,
    dendriteHotkey: signer.ss58,
    axonHotkey,
    uuid,
    bodyHash,
  });
  const signed = options.wrap === true ? `<Bytes>${text}</Bytes>` : text;
  const signature = Buffer.from(signer.sign(Buffer.from(signed))).toString('hex');
  return [
    ['name', 'ImageSynapse'],
    ...(timeout === null ? [] : ([['timeout', timeout]] as HeaderList)),
    ['bt_header_axon_ip', '127.0.0.1'],
    ['bt_header_axon_port', '18099'],
    ['bt_header_axon_hotkey', M.ss58],
    ['bt_header_dendrite_ip', '203.0.113.9'],
    ['bt_header_dendrite_version', '9012002'],
    ['bt_header_dendrite_nonce', nonce],
    ['bt_header_dendrite_uuid', uuid],
    ['bt_header_dendrite_hotkey', signer.ss58],
    ['bt_header_dendrite_signature', `0x${signature}`],
    ['header_size', '464'],
    ['total_size', '3187'],
    ['computed_body_hash', bodyHash],
    ['Content-Type', 'application/json'],
  ];
}

/** A copy in which a header has another value, or is gone. */
export function withHeader(headers: HeaderList, name: string, value: string | null): HeaderList {
  const rest = headers.filter(([key]) => key !== name);
  return value === null ? rest : [...rest, [name, value]];
}

export const IMAGE = Buffer.from('/9j/4EpQRUc=', 'base64');

/** The body of a dendrite's request, with what the test wants different. */
export function synapseBody(changes: Record<string, unknown> = {}): string {
  const terminal = { status_code: null, status_message: null, process_time: null };
  return JSON.stringify({
    name: 'ImageSynapse',
    timeout: 9,
    total_size: 3187,
    header_size: 0,
    dendrite: { ...terminal, ip: '203.0.113.9', nonce: 1, uuid: UUID, hotkey: V.ss58 },
    axon: { ...terminal, ip: '127.0.0.1', hotkey: M.ss58 },
    computed_body_hash: '',
    testnet_label: -1,
    image: IMAGE.toString('base64'),
    prediction: -1,
    ...changes,
  });
}

/** A complete request to `/ImageSynapse`. */
export function challenge(port: number, options: SynapseOptions & { readonly body?: string } = {}): Call {
  return {
    port,
    path: '/ImageSynapse',
    headers: synapseHeaders(options),
    body: options.body ?? synapseBody(),
  };
}

export interface BtauthTestOptions {
  readonly signer?: Keypair;
  readonly method?: string;
  readonly target?: string;
  readonly body?: Uint8Array;
  readonly nonce?: bigint;
  readonly receiver?: string | null;
  readonly scheme?: 'sr25519' | 'ed25519';
}

export const BTAUTH_BODY = Buffer.from('{"image":"/9j/4EpQRUc="}');

/** Headers of a request signed by btauth/1. */
export function btauthHeaders(options: BtauthTestOptions = {}): HeaderList {
  const { signer = V, method = 'POST', target = '/predict', body = BTAUTH_BODY, receiver = M.ss58 } = options;
  const nonce = String(options.nonce ?? CAPTURED_NONCE);
  const scheme = options.scheme ?? signer.cryptoType;
  const payload = btauthPayload({
    scheme,
    method,
    target,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    nonce,
    hotkey: signer.ss58,
    receiver: receiver ?? undefined,
  });
  const headers: HeaderList = [
    ['X-Bittensor-Version', '1'],
    ['X-Bittensor-Hotkey', signer.ss58],
    ['X-Bittensor-Nonce', nonce],
    ['X-Bittensor-Signature', `0x${Buffer.from(signer.sign(payload)).toString('hex')}`],
  ];
  if (scheme === 'ed25519') headers.push(['X-Bittensor-Crypto', scheme]);
  if (receiver !== null) headers.push(['X-Bittensor-Receiver', receiver]);
  headers.push(['Content-Type', 'application/json']);
  return headers;
}
