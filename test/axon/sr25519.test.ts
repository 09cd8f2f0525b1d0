import { ristretto255 } from '@noble/curves/ed25519.js';
import * as wasm from '@polkadot/wasm-crypto';
import * as scure from '@scure/sr25519';
import { expect, test } from 'vitest';
import { decodeVerifyingKey, prepareVerifyingKey, verifySr25519 } from '../../src/axon/index.ts';
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
function signatureWithIdentityR() {
  const order = ristretto255.Point.Fn.ORDER;
  const secret = scure.secretFromSeed(new Uint8Array(32).fill(0x44));
  const publicKey = scure.getPublicKey(secret);
  const scalar = BigInt(`0x${Buffer.from(secret.subarray(0, 32)).reverse().toString('hex')}`) >> 3n;
  const message = Buffer.from('identity');
  const context = new scure.__tests.SigningContext('SigningContext');
  context.label(Buffer.from('substrate'));
  context.bytes(message);
  context.protoName(Buffer.from('Schnorr-sig'));
  context.appendMessage('sign:pk', publicKey);
  context.appendMessage('sign:R', new Uint8Array(32));
  const s = (context.challengeScalar('sign:c') * scalar) % order;
  const signature = new Uint8Array(64);
  signature.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(), 32);
  signature[63] = (signature[63] ?? 0) | 0x80;
  return { publicKey, message, signature };
}
