import { ed25519Verify, sr25519Verify } from '@polkadot/util-crypto';
import { blake2 } from '../hash.ts';
import type { Hex, Plain, PlainCall } from '../model.ts';
import type { RuntimeImage } from '../runtime-image.ts';
import { concat, fromHex, Reader, toHex, Writer } from '../scale/bytes.ts';

export interface Mortality {
  /** Blocks; undefined: immortal. */
  readonly period: number | undefined;
  readonly phase: number;
}

/** What a signed extrinsic carries besides its call, by the metadata's list of extensions. */
interface SignedExtra {
  readonly mortality: Mortality;
  readonly nonce: number;
  readonly tip: bigint;
  /** CheckMetadataHash mode. */
  readonly metadataHash: boolean;
}

export interface Extrinsic {
  /** blake2 of all bytes, length prefix included: what a node calls the hash of the extrinsic. */
  readonly hash: Hex;
  /** With the length prefix. */
  readonly bytes: Hex;
  readonly length: number;
  readonly call: PlainCall;
  readonly callBytes: Uint8Array;
  /** undefined: unsigned. */
  readonly signed:
    | (SignedExtra & {
        readonly signer: Hex;
        readonly signature: { readonly kind: string; readonly bytes: Uint8Array };
        readonly extraBytes: Uint8Array;
      })
    | undefined;
}

/** Bytes that are not an extrinsic of this runtime. */
export class FormatError extends Error {}

/** @throws FormatError */
export function decodeExtrinsic(image: RuntimeImage, bytes: Uint8Array): Extrinsic {
  try {
    return decode(image, bytes);
  } catch (error) {
    throw new FormatError((error as Error).message);
  }
}

function decode(image: RuntimeImage, bytes: Uint8Array): Extrinsic {
  const reader = new Reader(bytes);
  if (reader.length() !== reader.left) throw new RangeError('the length prefix does not fit');
  const base = { hash: toHex(blake2(bytes)), bytes: toHex(bytes), length: bytes.length };
  const version = reader.u8();
  const { address, signature, call, extensions } = image.metadata.extrinsic;
  if (version === 0x04 || version === 0x05) {
    const callBytes = reader.bytes.subarray(reader.offset);
    return { ...base, call: image.codec.decode(call, callBytes) as PlainCall, callBytes, signed: undefined };
  }
  if (version !== 0x84) throw new RangeError(`extrinsic version ${version}`);
  const signer = image.codec.read(reader, address) as { readonly [kind: string]: Plain };
  if (typeof signer.Id !== 'string') throw new RangeError('only account ids can sign');
  const signed = image.codec.read(reader, signature) as { readonly [kind: string]: Hex };
  const [kind, value] = Object.entries(signed)[0] as [string, Hex];
  const extraStart = reader.offset;
  const extra = new Map(extensions.map(({ name, type }) => [name, image.codec.read(reader, type)]));
  const extraBytes = bytes.subarray(extraStart, reader.offset);
  const callBytes = bytes.subarray(reader.offset);
  return {
    ...base,
    call: image.codec.decode(call, callBytes) as PlainCall,
    callBytes,
    signed: {
      signer: signer.Id,
      signature: { kind, bytes: fromHex(value) },
      extraBytes,
      mortality: mortality(extra.get('CheckMortality') ?? extra.get('CheckEra')),
      nonce: Number(extra.get('CheckNonce') ?? 0),
      tip: BigInt((extra.get('ChargeTransactionPayment') ?? 0) as bigint),
      metadataHash: JSON.stringify(extra.get('CheckMetadataHash') ?? '').includes('Enabled'),
    },
  };
}

/** `Immortal` or `Mortal<first byte>(second byte)`, sp_runtime::generic::Era. */
function mortality(era: Plain): Mortality {
  const [name, second] =
    typeof era === 'object' && era !== null ? (Object.entries(era)[0] as [string, Plain]) : [];
  if (name === undefined) return { period: undefined, phase: 0 };
  const encoded = Number(name.slice('Mortal'.length)) | (Number(second) << 8);
  const period = 2 << (encoded % 16);
  const phase = (encoded >> 4) * Math.max(period >> 12, 1);
  if (period < 4 || phase >= period) throw new RangeError('not an era');
  return { period, phase };
}

/** The block whose hash a mortal extrinsic's signature covers, seen from `current` (Era::birth). */
export function birth({ period, phase }: Mortality, current: number): number {
  if (period === undefined) return 0;
  return Math.floor((Math.max(current, phase) - phase) / period) * period + phase;
}

/** What each extension adds to the signed payload without being sent. */
export interface Implicit {
  readonly genesisHash: Hex;
  /** Of the era's first block, the genesis when immortal. */
  readonly birthHash: Hex;
}

/** Whether the signature covers this call, these extensions and this chain. */
export function isSignedFor(image: RuntimeImage, extrinsic: Extrinsic, implicit: Implicit): boolean {
  const { signed } = extrinsic;
  if (signed === undefined) return false;
  const writer = new Writer().put(extrinsic.callBytes).put(signed.extraBytes);
  for (const { name, implicit: type } of image.metadata.extrinsic.extensions) {
    const value = implicitValue(image, name, implicit);
    if (value !== undefined) image.codec.write(writer, type, value);
    else writer.put(image.codec.encode(type, image.codec.zero(type)));
  }
  const payload = writer.done();
  const message = payload.length > 256 ? blake2(payload) : payload;
  return verify(signed.signature, message, fromHex(signed.signer));
}

function implicitValue(image: RuntimeImage, name: string, implicit: Implicit): Plain {
  if (name === 'CheckSpecVersion') return image.version.spec_version;
  if (name === 'CheckTxVersion') return image.version.transaction_version;
  if (name === 'CheckGenesis') return implicit.genesisHash;
  if (name === 'CheckMortality' || name === 'CheckEra') return implicit.birthHash;
  return undefined;
}

/** Exactly this message: a node takes no `<Bytes>` wrapping for an extrinsic. */
function verify(
  signature: { readonly kind: string; readonly bytes: Uint8Array },
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    if (signature.kind === 'Sr25519') return sr25519Verify(message, signature.bytes, publicKey);
    if (signature.kind === 'Ed25519') return ed25519Verify(message, signature.bytes, publicKey);
    return false;
  } catch {
    return false;
  }
}

/** An unsigned extrinsic (the inherent at the start of each block). */
export function bareExtrinsic(image: RuntimeImage, call: PlainCall): Extrinsic {
  const body = concat(Uint8Array.of(0x04), image.codec.encode(image.metadata.extrinsic.call, call));
  return decodeExtrinsic(image, new Writer().compact(body.length).put(body).done());
}
