import type { AccountState, ChainState, Hex } from '../model.ts';
import { context, type Environment, feeFor, feePayer } from './execute.ts';
import { birth, type Extrinsic, isSignedFor } from './extrinsic.ts';
import { custom, invalid, unknown, type Validity } from './validity.ts';

/** Where an extrinsic is to be valid: the block after some block. */
export interface Place<W extends ChainState> {
  readonly environment: Environment<W>;
  readonly world: W;
  readonly genesisHash: Hex;
  /** Hash of a block that the new one descends from. */
  ancestorHash(number: number): Hex | undefined;
  /** The pool keeps what has to wait for its nonce; a block does not. */
  readonly forPool: boolean;
}

/**
 * A node's check of an extrinsic, in a node's order: what the signature covers, the signature, then the signed extensions one by
 * one. An era that is over gives another first block, hence another payload: a bad signature, not a word about the era.
 */
export function validateExtrinsic<W extends ChainState>(extrinsic: Extrinsic, place: Place<W>): Validity {
  const { environment, world } = place;
  const { signed, call } = extrinsic;
  if (signed === undefined) return unknown('NoUnsignedValidator');
  const { image } = environment;
  const born = birth(signed.mortality, environment.block);
  const birthHash = born === 0 ? place.genesisHash : place.ancestorHash(born);
  // A node that has no digest of its metadata cannot tell whether the signer saw the true one.
  if (signed.metadataHash) return unknown('CannotLookup');
  if (birthHash === undefined) return invalid('AncientBirthBlock');
  if (!isSignedFor(image, extrinsic, { genesisHash: place.genesisHash, birthHash }))
    return invalid('BadProof');
  if (/^0x0+$/.test(signed.signer)) return invalid('BadSigner');

  const account = world.accounts.get(signed.signer);
  const fee = feeFor(environment, extrinsic);
  if (!exists(account) && fee.total > 0n) return invalid('Payment');
  const nonce = account?.nonce ?? 0;
  if (signed.nonce < nonce) return invalid('Stale');
  if (!place.forPool && signed.nonce > nonce) return invalid('Future');

  const payer = feePayer(environment, world, signed.signer, call);
  const deposit = BigInt((image.constant('Balances', 'ExistentialDeposit') ?? 0n) as bigint);
  if (fee.total > 0n && (world.accounts.get(payer)?.free ?? 0n) < fee.total + deposit)
    return invalid('Payment');

  const handler = environment.calls[`${call.pallet}.${call.name}`];
  const code = handler?.validate?.(world, context(environment, signed.signer, call));
  if (code !== undefined) return custom(code);

  const tag = (index: number): Hex => `${signed.signer}${index.toString(16).padStart(8, '0')}`;
  const { period } = signed.mortality;
  return {
    valid: {
      priority: signed.tip * 1_000_000n + 1n,
      requires: signed.nonce > nonce ? [tag(signed.nonce - 1)] : [],
      provides: [tag(signed.nonce)],
      longevity: period === undefined ? 2n ** 64n - 1n : BigInt(born + period - environment.block),
    },
  };
}

function exists(account: AccountState | undefined): boolean {
  return account !== undefined && (account.free > 0n || account.reserved > 0n);
}
