import {
  axonMessage,
  EMPTY_BODY_HASH,
  PyFloat,
  type PyValue,
  pyFloat,
  pyJson,
  versionAsInt,
} from '../wire/index.ts';
import type { Signer } from './signer.ts';
import { bracketed, type Target } from './target.ts';
import type { WireRequest } from './transport.ts';

export interface SynapseRequestParts {
  readonly target: Target;
  readonly route: string;
  readonly signer: Signer;
  readonly axonHotkey: string;
  readonly image: Uint8Array;
  readonly timeoutMs: number;
  readonly nonce: bigint;
  readonly uuid: string;
  /** What the dendrite takes for its own public address; nobody checks it. */
  readonly externalIp: string;
  /** SDK version, such as 9.12.2. */
  readonly sdkVersion: string;
  readonly testnetLabel: number;
}

/**
 * The request of a Python dendrite, byte for byte (but for the user agent): headers of the synapse, then a body that
 * `json.dumps` would have made of it.
 */
export function synapseRequest(parts: SynapseRequestParts): WireRequest {
  const { target, route, signer, axonHotkey, nonce, uuid, externalIp } = parts;
  const ip = bracketed(target.host);
  const timeout = pyFloat(parts.timeoutMs / 1000);
  const version = versionAsInt(parts.sdkVersion);
  const message = axonMessage({
    nonce: nonce.toString(),
    dendriteHotkey: signer.ss58,
    axonHotkey,
    uuid,
    bodyHash: EMPTY_BODY_HASH,
  });
  const signature = `0x${Buffer.from(signer.sign(Buffer.from(message))).toString('hex')}`;
  const image = Buffer.from(parts.image).toString('base64');
  const synapse: [string, string][] = [
    ['name', route],
    ['timeout', timeout],
    ['bt_header_axon_ip', ip],
    ['bt_header_axon_port', String(target.port)],
    ['bt_header_axon_hotkey', axonHotkey],
    ['bt_header_dendrite_ip', externalIp],
    ['bt_header_dendrite_version', String(version)],
    ['bt_header_dendrite_nonce', nonce.toString()],
    ['bt_header_dendrite_uuid', uuid],
    ['bt_header_dendrite_hotkey', signer.ss58],
    ['bt_header_dendrite_signature', signature],
  ];
  const totalSize = objectSize(image, ip, externalIp);
  const terminal = {
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
  };
  const fields: Record<string, PyValue> = {
    name: route,
    timeout: new PyFloat(parts.timeoutMs / 1000),
    total_size: totalSize,
    header_size: 0,
    dendrite: { ...terminal, ip: externalIp, version, nonce, uuid, hotkey: signer.ss58, signature },
    axon: { ...terminal, ip, port: target.port, hotkey: axonHotkey },
    computed_body_hash: '',
    testnet_label: parts.testnetLabel,
    image,
    prediction: new PyFloat(-1),
    ...(route === 'ExtendedImageSynapse' ? { model_url: '' } : {}),
  };
  return {
    target,
    path: `/${route}`,
    body: Buffer.from(pyJson(fields), 'utf8'),
    contentType: 'application/json',
    headers: [
      ...synapse,
      ['header_size', String(dictSize(synapse.length))],
      ['total_size', String(totalSize)],
      ['computed_body_hash', EMPTY_BODY_HASH],
    ],
  };
}

/** `sys.getsizeof` of a dict of that many entries, as CPython 3.11 has it; sent, and read by nobody. */
function dictSize(entries: number): number {
  if (entries <= 5) return 184;
  return entries <= 10 ? 272 : 464;
}

/** The SDK's recursive `sys.getsizeof` of the synapse: a constant plus the lengths of its texts. Read by nobody. */
function objectSize(image: string, axonIp: string, dendriteIp: string): number {
  return 3_155 + image.length + axonIp.length + dendriteIp.length;
}
