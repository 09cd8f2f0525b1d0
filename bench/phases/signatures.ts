import { cryptoWaitReady, sr25519Verify } from '@polkadot/util-crypto';
import { verify as scureVerify } from '@scure/sr25519';
import {
  decodeVerifyingKey,
  prepareVerifyingKey,
  verifyAnySr25519,
  verifySr25519,
} from '../../src/axon/sr25519-verify.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';

export interface VerifyCost {
  readonly name: string;
  /** Milliseconds of one check, on one core. */
  readonly ms: number;
}

/** What one sr25519 check costs, by who does it. */
export async function measureSignatures(checks: number): Promise<VerifyCost[]> {
  await cryptoWaitReady();
  const keypair = keypairFromSeed(Buffer.alloc(32, 0x11));
  const cases = Array.from({ length: 50 }, (_, i) => {
    const message = Buffer.from(`${Date.now()}${i}.${keypair.ss58}.${keypair.ss58}.uuid.hash`);
    return { message, signature: keypair.sign(message) };
  });
  const cold = decodeVerifyingKey(keypair.publicKey);
  const known = decodeVerifyingKey(keypair.publicKey);
  if (cold === undefined || known === undefined) throw new Error('the key does not decode');
  prepareVerifyingKey(known);
  const other = (message: Uint8Array) => [
    Buffer.concat([message, message]),
    Buffer.concat([message, Buffer.of(0)]),
  ];
  const ways: [string, (message: Uint8Array, signature: Uint8Array) => boolean][] = [
    ['sv72, caller seen often', (m, s) => verifySr25519(known, m, s)],
    ['sv72, caller seen first', (m, s) => verifySr25519(cold, m, s)],
    ['sv72, bad signature in the name of a listed caller', (m, s) => !verifyAnySr25519(known, other(m), s)],
    ['@scure/sr25519', (m, s) => scureVerify(m, s, keypair.publicKey)],
    ['@polkadot/util-crypto (WebAssembly)', (m, s) => sr25519Verify(m, s, keypair.publicKey)],
  ];
  return ways.map(([name, verify]) => {
    const round = (count: number): number => {
      const begun = performance.now();
      for (let i = 0; i < count; i += 1) {
        const { message, signature } = cases[i % cases.length] as (typeof cases)[number];
        if (!verify(message, signature)) throw new Error(`${name} is wrong about a signature`);
      }
      return performance.now() - begun;
    };
    round(Math.ceil(checks / 5));
    return { name, ms: Math.round((round(checks) / checks) * 1000) / 1000 };
  });
}
