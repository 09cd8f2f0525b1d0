import { type Engine, startEngine } from './sr25519/engine.ts';

/**
 * Verification of sr25519 signatures (schnorrkel, signing context "substrate") for a few signers seen often.
 *
 * A signature is R ‖ s with a marker bit; it is valid when s·B − k·A = R, where k is a Merlin transcript challenge over
 * message, A and R. R must be spelled canonically, as schnorrkel demands by comparing encodings. Only public data is
 * handled, so nothing here needs constant time. The arithmetic is AssemblyScript, sr25519/assembly.
 */

/** A decoded public key, and its table once the key is worth one. */
export interface VerifyingKey {
  readonly bytes: Uint8Array;
  /** The negated point: x and y, 32 bytes each. */
  readonly negated: Uint8Array;
  table: Uint8Array | undefined;
}

/** Keeps nothing of what it works on from one call to the next. */
let engine: Engine | undefined;

/**
 * @param publicKey 32 bytes
 * @returns undefined when the bytes are no point, or the identity (which would accept anybody's signature)
 */
export function decodeVerifyingKey(publicKey: Uint8Array): VerifyingKey | undefined {
  if (publicKey.length !== 32) return undefined;
  const { calls, ...places } = started();
  places.publicKey.set(publicKey);
  if (!calls.decodeKey()) return undefined;
  return { bytes: Uint8Array.from(publicKey), negated: places.negated.slice(), table: undefined };
}

/** Does now what the first check would do: 2 ms on a cold start. */
export function prepareVerifying(): void {
  started();
}

/** Builds the key's table (25 kB, 0.2 ms); a check takes a third of the time afterwards. */
export function prepareVerifyingKey(key: VerifyingKey): void {
  key.table ??= builtTable(key, true).slice();
}

/** Whether the signature (64 bytes) over exactly this message is the key's. Never throws. */
export function verifySr25519(key: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean {
  return verifyAnySr25519(key, [message], signature);
}

/** Whether the signature is the key's over one of these messages: what does not depend on the message is done once. */
export function verifyAnySr25519(
  key: VerifyingKey,
  messages: readonly Uint8Array[],
  signature: Uint8Array,
): boolean {
  if (signature.length !== 64) return false;
  const { calls, ...places } = started();
  places.publicKey.set(key.bytes);
  places.signature.set(signature);
  if (!calls.beginSignature()) return false;
  const kept = key.table !== undefined;
  if (key.table) places.table.set(key.table);
  else builtTable(key, false);
  return messages.some((message) => {
    calls.beginMessage(message.length);
    for (let at = 0; at < message.length; at += places.message.length) {
      const part = message.subarray(at, at + places.message.length);
      places.message.set(part);
      calls.continueMessage(part.length);
    }
    return calls.endMessage(kept) === 1;
  });
}

function builtTable(key: VerifyingKey, kept: boolean): Uint8Array {
  const { calls, negated, table } = started();
  negated.set(key.negated);
  calls.buildKeyTable(kept);
  return table;
}

function started(): Engine {
  engine ??= startEngine();
  return engine;
}
