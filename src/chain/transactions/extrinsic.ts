import type { ExtrinsicPayload } from '@polkadot/types/interfaces';
import { Sv72Error } from '../../errors/index.ts';
import { isEmpty } from '../codec/read.ts';
import type { Runtime } from '../codec/runtime.ts';
import type { BlockId, Hex } from '../types.ts';

/** What an extrinsic is signed for. */
export interface SigningTerms {
  readonly genesis: Hex;
  readonly nonce: number;
  readonly birth: BlockId;
  /** Validity in blocks, a power of two. */
  readonly period: number;
}

interface SignedParts {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly scheme: 'sr25519' | 'ed25519';
}

/** Extrinsic format that every runtime of this chain takes. */
const VERSION = 4;
/** Longer payloads are signed as their hash (BLAKE2-256). */
const LONGEST_PAYLOAD = 256;

/** Extensions whose content the library fills in. Any other must be empty, or what is signed would not be what the chain checks. */
const FILLED_IN = new Set([
  'CheckSpecVersion',
  'CheckTxVersion',
  'CheckGenesis',
  'CheckMortality',
  'CheckEra',
  'CheckNonce',
  'ChargeTransactionPayment',
  'CheckMetadataHash',
]);

/** The types of an extension's bytes in the extrinsic and of those that are only signed. */
function extensionsOf({ runtimeMetadata: metadata }: Runtime['engine']) {
  // The library's conversion of older metadata to the newest loses what is only signed.
  if (metadata.version < 16) {
    return metadata.asV15.extrinsic.signedExtensions.map((one) => ({
      identifier: one.identifier.toString(),
      types: [one.type, one.additionalSigned],
    }));
  }
  return metadata.asLatest.extrinsic.transactionExtensions.map((one) => ({
    identifier: one.identifier.toString(),
    types: [one.type, one.implicit],
  }));
}

/** @throws ERR_CHAIN_MISSING when the chain wants something in every transaction that sv72 does not know */
function refuseUnknownExtensions({ engine }: Runtime): void {
  for (const { identifier, types } of extensionsOf(engine)) {
    if (FILLED_IN.has(identifier) || types.every((type) => isEmpty(engine.registry.lookup, type))) continue;
    throw new Sv72Error(
      'ERR_CHAIN_MISSING',
      `The chain wants every transaction to carry ${identifier}, which this version of sv72 does not know.`,
      { next: 'Look for a newer sv72.', details: { extension: identifier } },
    );
  }
}

function termsOf({ engine, version }: Runtime, call: Hex, terms: SigningTerms) {
  const { nonce, genesis, birth, period } = terms;
  return engine.registry.createTypeUnsafe<ExtrinsicPayload>('ExtrinsicPayload', [
    {
      method: call,
      era: engine.registry.createType('ExtrinsicEra', { current: birth.number, period }),
      nonce,
      tip: 0,
      blockHash: birth.hash,
      genesisHash: genesis,
      specVersion: version.spec,
      transactionVersion: version.transaction,
      mode: 0,
      metadataHash: null,
    },
    { version: VERSION },
  ]);
}

/** What a key signs for a call. @throws ERR_CHAIN_MISSING */
export function signingPayload(runtime: Runtime, call: Hex, terms: SigningTerms): Uint8Array {
  refuseUnknownExtensions(runtime);
  const payload = termsOf(runtime, call, terms).toU8a({ method: true });
  return payload.length > LONGEST_PAYLOAD ? runtime.engine.registry.hash(payload).toU8a() : payload;
}

/** A signed extrinsic, length first, as a node takes it. */
export function signedExtrinsic(
  runtime: Runtime,
  call: Hex,
  terms: SigningTerms,
  { publicKey, signature, scheme }: SignedParts,
): Uint8Array {
  const { registry } = runtime.engine;
  const extrinsic = registry.createType('Extrinsic', registry.createType('Call', call), { version: VERSION });
  const typed = registry.createType('MultiSignature', { [scheme]: signature });
  extrinsic.addSignature(publicKey, typed.toU8a(), termsOf(runtime, call, terms).toHex());
  return extrinsic.toU8a();
}

export function extrinsicHash({ engine }: Runtime, extrinsic: Uint8Array): Hex {
  return engine.registry.hash(extrinsic).toHex();
}
