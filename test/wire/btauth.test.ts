import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { keypairFromUri, verifySignature } from '../../src/wallet/index.ts';
import { btauthPayload } from '../../src/wire/index.ts';
import { VECTORS } from './vectors.ts';

const SENDER = {
  sr25519: '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi',
  ed25519: '5Gmp1LHh81mEqwCDPP7ug46TTMXYo3ZuwVHTeNhP1Gp2jLKV',
};
const RECEIVER = '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

test.each(VECTORS)('$name: payload to the byte, and its signature is valid', (vector) => {
  const payload = btauthPayload({
    scheme: vector.scheme,
    method: vector.method.toLowerCase(),
    target: vector.target,
    bodySha256: sha256(Buffer.from(vector.bodyHex, 'hex')),
    nonce: vector.nonce,
    hotkey: SENDER[vector.scheme],
    receiver: vector.bound ? RECEIVER : undefined,
  });
  expect(Buffer.from(payload).toString('hex')).toBe(vector.payloadHex);
  const valid = verifySignature({
    ss58: SENDER[vector.scheme],
    cryptoType: vector.scheme,
    message: payload,
    signature: Buffer.from(vector.signature.slice(2), 'hex'),
  });
  expect(valid).toBe(true);
});

test('G: the vector that upstream publishes', () => {
  const parts = {
    method: 'POST',
    target: '/generate?stream=false',
    bodySha256: sha256(Buffer.from('{"prompt": "hello"}')),
    nonce: '1752076800000000000',
    receiver: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
  };
  const ed25519 = keypairFromUri('//Alice', 'ed25519');
  const payload = btauthPayload({ ...parts, scheme: 'ed25519', hotkey: ed25519.ss58 });
  expect(sha256(payload)).toBe('ade0f7048e8b6c022c3de88fa8edd9c64a91390b77c9a059f716c0b1f0a1ac13');
  expect(Buffer.from(ed25519.sign(payload)).toString('hex')).toBe(
    '1a6b631988bf1f7ea093ab9d5acf61f05c316d0b0e428b24b487b75a5f6ee0e1a56a26918fdf871b6cf09437e6588023a4ce423cf622621b2a7feee17612f704',
  );
  const sr25519 = keypairFromUri('//Alice');
  expect(sha256(btauthPayload({ ...parts, scheme: 'sr25519', hotkey: sr25519.ss58 }))).toBe(
    'baf86fd1c333d473ab47b43f8dbd682d51df91b5db8ec09ee06d86f80f4075fd',
  );
});
