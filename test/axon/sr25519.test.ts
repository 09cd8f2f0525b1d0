import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import * as wasm from '@polkadot/wasm-crypto';
import * as scure from '@scure/sr25519';
import { expect, test } from 'vitest';
import {
  decodeVerifyingKey,
  prepareVerifyingKey,
  type VerifyingKey,
  verifyAnySr25519,
  verifySr25519,
} from '../../src/axon/index.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';
import { compare } from './support/agreement.ts';
import { V } from './support/keys.ts';

test('agrees with schnorrkel, @scure/sr25519 and @polkadot/util-crypto', async () => {
  const { checked, valid, disagreements } = await compare(72, 1_500);
  expect(disagreements).toEqual([]);
  expect(checked).toBe(1_500);
  expect(valid).toBeGreaterThan(70);
}, 60_000);

test('the identity as a key is refused: anybody could sign for it', () => {
  expect(decodeVerifyingKey(new Uint8Array(32))).toBeUndefined();
});

test('a signer may choose R as the identity, as the others allow it', async () => {
  await wasm.waitReady();
  const found = signatureWithIdentityR();
  const key = decodeVerifyingKey(found.publicKey);
  if (key === undefined) throw new Error('not a key');
  const verdict = scure.verify(found.message, found.signature, found.publicKey);
  expect(wasm.sr25519Verify(found.signature, found.message, found.publicKey)).toBe(verdict);
  expect(verifySr25519(key, found.message, found.signature)).toBe(verdict);
  prepareVerifyingKey(key);
  expect(verifySr25519(key, found.message, found.signature)).toBe(verdict);
  expect(verdict).toBe(true);
});

test('R counts in its one spelling, though others would lead to the same four points', async () => {
  await wasm.waitReady();
  const { Fp } = ed25519.Point;
  const i = Fp.sqrt(Fp.neg(1n));
  let spellings = 0;
  for (let r = 0n; r <= 24n; r++) {
    const R = ristretto255.Point.BASE.multiplyUnsafe(r);
    const { x, y } = R.toAffine();
    const ix = Fp.mul(i, x);
    const candidates = [y, Fp.neg(y), ix, Fp.neg(ix)].flatMap((one) => {
      try {
        // The s for which decoding would arrive at this y: y = (1 − s²) / (1 + s²).
        const s = Fp.sqrt(Fp.div(Fp.sub(1n, one), Fp.add(1n, one)));
        return [s, Fp.neg(s)];
      } catch {
        return [];
      }
    });
    const encodings = [R.toBytes(), R.negate().toBytes(), ...candidates.map((s) => Fp.toBytes(s))];
    for (const encoding of encodings) {
      const { publicKey, message, signature } = signatureWith(r, encoding);
      const expected = Buffer.from(encoding).equals(R.toBytes());
      if (!expected && ((encoding[0] ?? 0) & 1) === 0) spellings += 1;
      expect(says(() => wasm.sr25519Verify(signature, message, publicKey))).toBe(expected);
      expect(says(() => scure.verify(message, signature, publicKey))).toBe(expected);
      const key = decodeVerifyingKey(publicKey) as VerifyingKey;
      expect(verifySr25519(key, message, signature)).toBe(expected);
      prepareVerifyingKey(key);
      expect(verifySr25519(key, message, signature)).toBe(expected);
    }
  }
  expect(spellings).toBeGreaterThan(24);
});

test('messages of any length', () => {
  const key = decodeVerifyingKey(V.publicKey) as VerifyingKey;
  prepareVerifyingKey(key);
  const ends = [0, 1, 165, 166, 167, 331, 332, 333, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 300_000];
  for (const length of [...ends, ...Array.from({ length: 180 }, (_, n) => n)]) {
    const message = Buffer.alloc(length, `${length} `);
    const signature = V.sign(message);
    expect(verifySr25519(key, message, signature)).toBe(true);
    const longer = Buffer.concat([message, Buffer.of(0)]);
    expect(verifySr25519(key, longer, signature)).toBe(false);
    expect(verifyAnySr25519(key, [longer, message], signature)).toBe(true);
    if (length === 0) continue;
    for (const at of [0, length - 1]) {
      const other = Buffer.from(message);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(verifySr25519(key, other, signature)).toBe(false);
    }
  }
});

test('keys with and without a table in turn', () => {
  const message = Buffer.from('message');
  const signers = [1, 2, 3].map((seed) => keypairFromSeed(Buffer.alloc(32, seed)));
  const keys = signers.map(({ publicKey }) => decodeVerifyingKey(publicKey) as VerifyingKey);
  keys.slice(1).forEach(prepareVerifyingKey);
  for (const [i, signer] of [...signers.entries(), ...[...signers.entries()].reverse()]) {
    const signature = signer.sign(message);
    const verdicts = keys.map((key) => verifySr25519(key, message, signature));
    expect(verdicts).toEqual(keys.map((_, n) => n === i));
  }
});

test('neither the message nor the signature is changed', () => {
  const message = Buffer.from('message');
  const signature = Buffer.from(V.sign(message));
  const copy = Buffer.from(signature);
  const key = decodeVerifyingKey(V.publicKey);
  if (key === undefined) throw new Error('not a key');
  expect(verifySr25519(key, message, signature)).toBe(true);
  expect(verifySr25519(key, message, signature)).toBe(true);
  expect(signature).toEqual(copy);
});

/** r = 0, so R is the identity and s = k·a: only the key's owner can make it, and it is valid. */
const signatureWithIdentityR = () => signatureWith(0n, new Uint8Array(32));

/** What only the key's owner can make: R = r·B, written as these bytes. */
function signatureWith(r: bigint, R: Uint8Array) {
  const order = ristretto255.Point.Fn.ORDER;
  const secret = scure.secretFromSeed(new Uint8Array(32).fill(0x44));
  const publicKey = scure.getPublicKey(secret);
  const scalar = BigInt(`0x${Buffer.from(secret.subarray(0, 32)).reverse().toString('hex')}`) >> 3n;
  const message = Buffer.from('message');
  const context = new scure.__tests.SigningContext('SigningContext');
  context.label(Buffer.from('substrate'));
  context.bytes(message);
  context.protoName(Buffer.from('Schnorr-sig'));
  context.appendMessage('sign:pk', publicKey);
  context.appendMessage('sign:R', R);
  const s = (r + context.challengeScalar('sign:c') * scalar) % order;
  const signature = new Uint8Array(64);
  signature.set(R);
  signature.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(), 32);
  signature[63] = (signature[63] ?? 0) | 0x80;
  return { publicKey, message, signature };
}

function says(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}
