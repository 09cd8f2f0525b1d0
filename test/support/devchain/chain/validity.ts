import type { Hex } from '../model.ts';

/** Why a node does not take an extrinsic (sp_runtime::transaction_validity), by the runtime's own names. */
export type Refusal =
  | { readonly kind: 'invalid'; readonly name: InvalidName }
  | { readonly kind: 'invalid'; readonly name: 'Custom'; readonly code: number }
  | { readonly kind: 'unknown'; readonly name: UnknownName };

type InvalidName = keyof typeof INVALID;
type UnknownName = keyof typeof UNKNOWN;

const INVALID = {
  Call: 'Transaction call is not expected',
  Payment: 'Inability to pay some fees (e.g. account balance too low)',
  Future: 'Transaction will be valid in the future',
  Stale: 'Transaction is outdated',
  BadProof: 'Transaction has a bad signature',
  AncientBirthBlock: 'Transaction has an ancient birth block',
  ExhaustsResources: 'Transaction would exhaust the block limits',
  BadSigner: 'Invalid signing address',
} as const;

const UNKNOWN = {
  CannotLookup: 'Could not lookup information required to validate the transaction',
  NoUnsignedValidator: 'Could not find an unsigned validator for the unsigned transaction',
} as const;

export interface ValidTransaction {
  readonly priority: bigint;
  /** Tags: the signer with a nonce. */
  readonly requires: readonly Hex[];
  readonly provides: readonly Hex[];
  /** Blocks. */
  readonly longevity: bigint;
}

export type Validity =
  | { readonly valid: ValidTransaction; readonly refusal?: undefined }
  | { readonly valid?: undefined; readonly refusal: Refusal };

export const invalid = (name: InvalidName): Validity => ({ refusal: { kind: 'invalid', name } });
export const unknown = (name: UnknownName): Validity => ({ refusal: { kind: 'unknown', name } });
export const custom = (code: number): Validity => ({ refusal: { kind: 'invalid', name: 'Custom', code } });

/** How refusals are worded: as a real node does, or as local forks (chopsticks) do. */
export type Spelling = 'node' | 'fork';

/** The JSON-RPC error of a refusal. */
export function refusalError(refusal: Refusal, spelling: Spelling) {
  const code = refusal.kind === 'invalid' ? 1010 : 1011;
  if (spelling === 'fork') {
    const name = refusal.name.charAt(0).toLowerCase() + refusal.name.slice(1);
    const value = 'code' in refusal ? refusal.code : null;
    return { code, message: JSON.stringify({ [refusal.kind]: { [name]: value } }) };
  }
  if (refusal.kind === 'unknown')
    return { code, message: 'Unknown Transaction Validity', data: UNKNOWN[refusal.name] };
  const data = 'code' in refusal ? `Custom error: ${refusal.code}` : INVALID[refusal.name];
  return { code, message: 'Invalid Transaction', data };
}
