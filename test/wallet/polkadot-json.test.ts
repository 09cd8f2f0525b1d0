import { cryptoWaitReady, jsonEncrypt } from '@polkadot/util-crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sv72Error } from '../../src/errors/index.ts';
import { keypairFromPolkadotJson, keypairFromSeed } from '../../src/wallet/index.ts';
import { secretsOf } from '../../src/wallet/keypair.ts';
import { multiplyScalar } from '../../src/wallet/scheme.ts';
import { bytesOf, seedOf } from './support/places.ts';

/** Exported by polkadot-js, 2024. */
const EXPORTED = JSON.stringify({
  encoded:
    'Z1yzxASuj21ej3CANbZKc3ibDaOpQPMahTT0qkniyZgAgAAAAQAAAAgAAACSDgflXWKXrX36EmX9XcA6cRpkN+oZX30/9FhtNP17krIG/yHLKmDnL1km1W/nZ+BpC7Qid6IuBvbZeboFyewFeXsKtcoY/bRY6nx/cLB5BND9WpXXS6Enf4RXAX7vPu/BY+o2z7VwPaXyFARfyPTiqJKqLDJWm3W5ZlvK0ks8FBv66mWEBYc+lLx8jvuzDNkdD3pnV3G802OwwHTy',
  encoding: { content: ['pkcs8', 'sr25519'], type: ['scrypt', 'xsalsa20-poly1305'], version: '3' },
  address: '5CuByUQBWZci5AtXonuHHhcbRL3yxM5xDdJsTNaYN3vPDY6f',
  meta: { genesisHash: null, name: 'test', whenCreated: 1727395683981 },
});

/** The same frame that polkadot-js puts around a secret, encrypted by its own code. */
function exported(
  type: 'sr25519' | 'ed25519',
  password: string | null,
  change: (frame: Uint8Array) => void = () => {},
) {
  const keypair = keypairFromSeed(seedOf(0x11), type);
  const { privateKey } = secretsOf(keypair);
  const secret =
    type === 'sr25519' ? multiplyScalar(privateKey) : Buffer.concat([privateKey, keypair.publicKey]);
  const frame = Buffer.concat([
    bytesOf('3053020101300506032b657004220420'),
    secret,
    bytesOf('a123032100'),
    keypair.publicKey,
  ]);
  change(frame);
  return {
    keypair,
    json: JSON.stringify({ ...jsonEncrypt(frame, ['pkcs8', type], password), address: keypair.ss58 }),
  };
}

describe('accounts exported by polkadot-js', () => {
  it('are imported with their password (E 100)', async () => {
    const keypair = await keypairFromPolkadotJson(EXPORTED, 'Password123');
    expect(keypair.ss58).toBe('5CuByUQBWZci5AtXonuHHhcbRL3yxM5xDdJsTNaYN3vPDY6f');
    expect(secretsOf(keypair)).not.toHaveProperty('seed');
    await expect(keypairFromPolkadotJson(EXPORTED, 'password123')).rejects.toMatchObject({
      code: 'ERR_PASSWORD',
    });
  });

  it.each(['sr25519', 'ed25519'] as const)(
    '%s, encrypted by current polkadot-js and not at all',
    async (type) => {
      await cryptoWaitReady();
      for (const password of ['secret', null]) {
        const { json, keypair } = exported(type, password);
        const imported = await keypairFromPolkadotJson(json, password ?? '');
        expect(imported).toMatchObject({ ss58: keypair.ss58, cryptoType: type });
      }
    },
  );

  it.each([
    ['a public key of another secret', (frame: Uint8Array) => frame.fill(7, frame.length - 32)],
    ['another frame', (frame: Uint8Array) => frame.fill(7, 0, 4)],
    ['a zero secret', (frame: Uint8Array) => frame.fill(0, 16, 80)],
  ])('%s is refused', async (_, change) => {
    await cryptoWaitReady();
    const { json } = exported('sr25519', null, change);
    await expect(keypairFromPolkadotJson(json, '')).rejects.toMatchObject({ code: 'ERR_KEY_IMPORT' });
  });

  it.each([
    ['not JSON', 'hello'],
    ['another version', EXPORTED.replace('"version":"3"', '"version":"2"')],
    ['another curve', EXPORTED.replace('"sr25519"', '"ecdsa"')],
    ['no account', '{}'],
    ['a scrypt that would take all memory', withScrypt(2 ** 30, 1, 8)],
    ['a scrypt that would take for ever', withScrypt(2 ** 15, 2 ** 30, 8)],
    ['a scrypt of no power of two', withScrypt(1000, 1, 8)],
  ])('%s is refused', async (_, json) => {
    await expect(keypairFromPolkadotJson(json, 'Password123')).rejects.toMatchObject({
      code: 'ERR_KEY_IMPORT',
    });
  });

  it('any JSON is an error of ours', async () => {
    const encoding = fc.record({
      content: fc.jsonValue(),
      type: fc.jsonValue(),
      version: fc.constantFrom('3', 3, '2'),
    });
    const file = fc.oneof(
      fc.jsonValue(),
      fc.record({
        encoded: fc.oneof(fc.base64String(), fc.jsonValue()),
        encoding: fc.oneof(encoding, fc.jsonValue()),
      }),
      fc.base64String().map((encoded) => ({
        encoded,
        encoding: { content: ['pkcs8', 'sr25519'], type: ['none'], version: '3' },
      })),
    );
    await fc.assert(
      fc.asyncProperty(file, async (value) => {
        const error = await keypairFromPolkadotJson(JSON.stringify(value) ?? '', 'x').catch((error) => error);
        expect(error).toBeInstanceOf(Sv72Error);
      }),
    );
  });
});

function withScrypt(N: number, p: number, r: number): string {
  const file = JSON.parse(EXPORTED);
  const encoded = Buffer.from(file.encoded, 'base64');
  encoded.writeUInt32LE(N, 32);
  encoded.writeUInt32LE(p, 36);
  encoded.writeUInt32LE(r, 40);
  return JSON.stringify({ ...file, encoded: encoded.toString('base64') });
}
