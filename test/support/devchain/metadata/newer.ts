import { HASHER, type MetadataEditor } from './editor.ts';

const ACCOUNT = 'sp_core::crypto::AccountId32';
const U64F64 = 'substrate_fixed::FixedU128';
const one = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

/**
 * A runtime after July 2026: collateral at registration, proof of work again, moved error numbers, renamed and
 * removed items, and things that no client of today knows. Names and numbers are those published with version 11.3 of
 * the Python SDK; the layout of values that were never seen from outside is a guess in the same style.
 */
export function makeNewer(edit: MetadataEditor): void {
  const [u8, u16, u32, u64] = [edit.type('u8'), edit.type('u16'), edit.type('u32'), edit.type('u64')];
  const account = edit.type(ACCOUNT);
  const fixed = edit.type(U64F64);
  const netuid = [HASHER.identity, u16] as const;
  const key = [HASHER.blake2Concat, account] as const;
  const pallet = 'SubtensorModule';

  edit.addStorage(pallet, 'CollateralLockShare', { keys: [netuid], value: u16, fallback: new Uint8Array(2) });
  edit.addStorage(pallet, 'CollateralDrainRatio', { keys: [netuid], value: fixed, fallback: one });
  const collateral = edit.addStruct('pallet_subtensor::subnets::collateral::MinerCollateralState', {
    locked: u64,
    drain_ratio: fixed,
    min_locked: u64,
    earned: u64,
  });
  edit.addStorage(pallet, 'MinerCollateral', { keys: [netuid, key, key], value: collateral });
  edit.addStorage(pallet, 'ColdkeyMinerCollateral', {
    keys: [netuid, key],
    value: u64,
    fallback: new Uint8Array(8),
  });
  edit.addStorage(pallet, 'LastPowRegistrationBlock', { keys: [key], value: u64 });
  edit.addStorage(pallet, 'HotkeySuccessor', { keys: [key], value: account });
  edit.addStorage(pallet, 'ColdkeySuccessor', { keys: [key], value: account });
  edit.addStorage(pallet, 'QuantumLedger', { keys: [netuid, key], value: u32, fallback: new Uint8Array(4) });
  edit.removeStorage(pallet, [
    'Alpha',
    'AlphaMapLastKey',
    'TotalHotkeyShares',
    'NumRootClaim',
    'RootClaimType',
  ]);
  edit.renameStorage('Proxy', 'RealPaysFee', 'RealPaysFeeConsentV1');

  const work = edit.addType({ kind: 'array', value: { length: 32, type: u8 } });
  edit.addVariant(pallet, 'calls', 'pow_register', {
    netuid: u16,
    work_block: u64,
    nonce: u64,
    work,
    hotkey: account,
  });
  edit.addVariant(pallet, 'calls', 'add_collateral', {
    netuid: u16,
    hotkey: account,
    alpha: u64,
    limit_price: u64,
  });
  edit.addVariant(pallet, 'calls', 'set_min_collateral', { netuid: u16, hotkey: account, min_locked: u64 });
  edit.addVariant(pallet, 'calls', 'entangle', { netuid: u16, with: account, depth: u8 });
  edit.removeVariants(pallet, 'calls', ['set_root_claim_type', 'sudo_set_num_root_claims']);

  edit.addVariant(pallet, 'events', 'CollateralLocked', {
    netuid: u16,
    hotkey: account,
    locked: u64,
    total_locked: u64,
  });
  edit.addVariant(pallet, 'events', 'MinCollateralSet', {
    netuid: u16,
    hotkey: account,
    min_locked: u64,
  });
  edit.addVariant(pallet, 'events', 'Entangled', { netuid: u16, depth: u8 });

  moveErrors(edit);

  const hyperparameters = edit.api('SubnetInfoRuntimeApi');
  hyperparameters.version += 1;
  edit.addMethod('SubnetInfoRuntimeApi', 'get_block_emission', {}, u64);
  for (const method of edit.api('ProxyFilterRuntimeApi').methods)
    if (method.name === 'get_proxy_filter') method.name = 'get_proxy_filters';

  edit.addPallet('Tomorrow', 77);
  edit.addVariant('Tomorrow', 'calls', 'dream', { of: u32 });
  edit.addVariant('Tomorrow', 'events', 'Dreamt', { of: u32 });
  edit.addVariant('Tomorrow', 'errors', 'Awake');
  edit.addStorage('Tomorrow', 'Dreams', { value: u32, fallback: new Uint8Array(4) });
  edit.setExtensions([
    ...edit.model.extrinsic.extensions.map((extension) => extension.name),
    'CheckTomorrow',
  ]);
}

/** From 96 on errors moved by two; the new ones take the numbers that were published, or the next free. */
function moveErrors(edit: MetadataEditor): void {
  const pallet = 'SubtensorModule';
  edit.removeVariants(pallet, 'errors', [
    'InsufficientBalance',
    'InvalidNumRootClaim',
    'InvalidSubnetNumber',
  ]);
  for (const error of edit.variants(pallet, 'errors')) if (error.index >= 96) error.index += 2;
  const taken = new Set(edit.variants(pallet, 'errors').map((error) => error.index));
  for (const [index, name] of [
    [96, 'KeepStakeBlockedByCollateral'],
    [97, 'CommitPayloadTooLarge'],
    [98, 'InsufficientTaoBalance'],
    [143, 'WaitingForDissolvedSubnetCleanup'],
    [151, 'StartCallNotReady'],
    [152, 'InsufficientAlphaBalance'],
    [153, 'ColdkeyCollateralIncomplete'],
    [154, 'ColdkeyCollateralPositionsFull'],
    [156, 'RootStakeLocked'],
    [163, 'TooManyStakingHotkeys'],
    [164, 'ColdkeySwapTooHeavy'],
    [174, 'EntanglementLost'],
  ] as const) {
    // `SameNetuid` (96 in spec 424) is at 98 after the move: published numbers win, it goes to the end.
    const rival = edit.variants(pallet, 'errors').find((error) => error.index === index);
    if (rival !== undefined) {
      let free = 165;
      while (taken.has(free)) free++;
      taken.add(free);
      rival.index = free;
    }
    taken.add(index);
    edit.addVariant(pallet, 'errors', name, {}, index);
  }
}
