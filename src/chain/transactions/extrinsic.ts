import { Blake2256 } from '@polkadot-api/substrate-bindings';
import { Sv72Error } from '../../errors/index.ts';
import { fromHex, toHex } from '../codec/hex.ts';
import type { Extension, Runtime } from '../codec/runtime.ts';
import { written } from '../codec/writer.ts';
import type { BlockId, Hex } from '../types.ts';
import { mortalEra } from './era.ts';

/** What an extrinsic is signed for. */
export interface SigningTerms {
  readonly genesis: Hex;
  readonly nonce: number;
  readonly birth: BlockId;
  /** Validity in blocks, a power of two. */
  readonly period: number;
}

/** The bytes of the signed extensions: those sent along, and those that are only signed. */
interface Extra {
  readonly sent: Uint8Array;
  readonly signed: Uint8Array;
}

const NOTHING = new Uint8Array();
/** Longer payloads are signed as their hash. */
const LONGEST_PAYLOAD = 256;
const SIGNED_V4 = 0x84;

/**
 * An extension's bytes. Those that sv72 does not know must have none: then they change nothing that is signed.
 * @throws ERR_CHAIN_MISSING
 */
function extraOf(extension: Extension, runtime: Runtime, terms: SigningTerms): Extra {
  const { identifier, type, implicit } = extension;
  const sent = (value: Parameters<Runtime['encode']>[1]) => runtime.encode(type, value, identifier);
  const u32 = (value: number) => runtime.encode(implicit, value, identifier);
  const hash = (value: Hex) => runtime.encode(implicit, value, identifier);
  switch (identifier) {
    case 'CheckSpecVersion':
      return { sent: NOTHING, signed: u32(runtime.version.spec) };
    case 'CheckTxVersion':
      return { sent: NOTHING, signed: u32(runtime.version.transaction) };
    case 'CheckGenesis':
      return { sent: NOTHING, signed: hash(terms.genesis) };
    case 'CheckMortality':
    case 'CheckEra':
      return { sent: mortalEra(terms.period, terms.birth.number), signed: hash(terms.birth.hash) };
    case 'CheckNonce':
      return { sent: sent(terms.nonce), signed: NOTHING };
    case 'ChargeTransactionPayment':
    case 'ChargeTransactionPaymentWrapper':
      return { sent: sent(0), signed: NOTHING };
    case 'CheckMetadataHash':
      return { sent: sent({ mode: 'Disabled' }), signed: runtime.encode(implicit, undefined, identifier) };
    default:
      if (isEmpty(runtime, type) && isEmpty(runtime, implicit)) return { sent: NOTHING, signed: NOTHING };
      throw new Sv72Error(
        'ERR_CHAIN_MISSING',
        `The chain wants every transaction to carry ${identifier}, which this version of sv72 does not know.`,
        { next: 'Look for a newer sv72.', details: { extension: identifier } },
      );
  }
}

function isEmpty(runtime: Runtime, type: number): boolean {
  const { def } = runtime.types.entry(type);
  if (def.tag === 'tuple') return def.value.every((inner) => isEmpty(runtime, inner));
  return def.tag === 'composite' && def.value.every((field) => isEmpty(runtime, field.type));
}

function extras(runtime: Runtime, terms: SigningTerms): Extra {
  const all = runtime.extensions.map((extension) => extraOf(extension, runtime, terms));
  const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
  return { sent: joined(all.map(({ sent }) => sent)), signed: joined(all.map(({ signed }) => signed)) };
}

/** What a key signs for a call. */
export function signingPayload(runtime: Runtime, call: Hex, terms: SigningTerms): Uint8Array {
  const { sent, signed } = extras(runtime, terms);
  const payload = new Uint8Array(Buffer.concat([fromHex(call), sent, signed]));
  return payload.length > LONGEST_PAYLOAD ? Blake2256(payload) : payload;
}

/** A signed extrinsic (version 4), length first, as a node takes it. */
export function signedExtrinsic(
  runtime: Runtime,
  call: Hex,
  terms: SigningTerms,
  signed: {
    readonly publicKey: Uint8Array;
    readonly signature: Uint8Array;
    readonly scheme: 'sr25519' | 'ed25519';
  },
): Uint8Array {
  const { sent } = extras(runtime, terms);
  const scheme = signed.scheme === 'sr25519' ? 'Sr25519' : 'Ed25519';
  const body = written((writer) => {
    writer.u8(SIGNED_V4);
    writer.raw(runtime.encode(runtime.addressType, signed.publicKey, 'signer'));
    writer.raw(runtime.encode(runtime.signatureType, { type: scheme, value: signed.signature }, 'signature'));
    writer.raw(sent);
    writer.raw(fromHex(call));
  });
  return written((writer) => {
    writer.compact(BigInt(body.length));
    writer.raw(body);
  });
}

export function extrinsicHash(extrinsic: Uint8Array): Hex {
  return toHex(Blake2256(extrinsic));
}
