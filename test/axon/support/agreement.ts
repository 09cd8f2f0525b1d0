import { sr25519Verify } from '@polkadot/util-crypto';
import * as wasm from '@polkadot/wasm-crypto';
import * as scure from '@scure/sr25519';
import {
  decodeVerifyingKey,
  prepareVerifyingKey,
  type VerifyingKey,
  verifyAnySr25519,
  verifySr25519,
} from '../../../src/axon/index.ts';
import { type Sample, samples } from './signatures.ts';

export interface Agreement {
  readonly checked: number;
  readonly valid: number;
  /** Where any of the verifiers said something else. */
  readonly disagreements: readonly string[];
}

/**
 * Asks ours and the others about the same samples: @scure/sr25519; @polkadot/util-crypto (whose current version hands
 * on to @scure); and schnorrkel itself, compiled to WebAssembly. A verifier that throws says no.
 * @param thorough every how many samples the slower ones are asked, too: those through WebAssembly and without a table
 */
export async function compare(seed: number, count: number, thorough = 1): Promise<Agreement> {
  await wasm.waitReady();
  const keys = new Map<string, VerifyingKey | undefined>();
  const disagreements: string[] = [];
  let valid = 0;
  let checked = 0;
  for (const sample of samples(seed, count)) {
    const { publicKey, message, signature } = sample;
    const expected = says(() => scure.verify(message, signature, publicKey));
    const key = ours(keys, sample);
    const decoy = Buffer.concat([message, Buffer.of(checked & 0xff)]);
    const any = (...messages: Uint8Array[]) =>
      key !== undefined && verifyAnySr25519(key, messages, signature);
    const verdicts: Record<string, boolean> = {
      ours: key !== undefined && verifySr25519(key, message, signature),
      'ours beside another message': checked % 2 === 0 ? any(message, decoy) : any(decoy, message),
    };
    if (checked % thorough === 0) {
      const plain = decodeVerifyingKey(publicKey);
      verdicts['ours without a table'] = plain !== undefined && verifySr25519(plain, message, signature);
      verdicts.schnorrkel = says(() => wasm.sr25519Verify(signature, message, publicKey));
      verdicts.polkadot = says(() => sr25519Verify(message, signature, publicKey));
    }
    checked += 1;
    if (expected) valid += 1;
    for (const [name, verdict] of Object.entries(verdicts)) {
      if (verdict !== expected) disagreements.push(`${name}: ${verdict} on ${describe(sample)}`);
    }
  }
  return { checked, valid, disagreements };
}

/** As the axon does it: keys that come again get a table. */
function ours(keys: Map<string, VerifyingKey | undefined>, { publicKey }: Sample): VerifyingKey | undefined {
  const name = Buffer.from(publicKey).toString('hex');
  if (!keys.has(name)) keys.set(name, decodeVerifyingKey(publicKey));
  else if (keys.size < 2_000) {
    const known = keys.get(name);
    if (known !== undefined) prepareVerifyingKey(known);
  }
  return keys.get(name);
}

function says(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}

function describe({ kind, publicKey, message, signature }: Sample): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return `${kind}: key ${hex(publicKey)}, message ${hex(message)}, signature ${hex(signature)}`;
}
