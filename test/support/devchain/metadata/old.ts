import type { MetadataEditor } from './editor.ts';

const LATER_STORAGE = [
  'MinerBurned',
  'SubnetEmissionEnabled',
  'BurnHalfLife',
  'BurnIncreaseMult',
  'PendingEpochAt',
  'LastEpochBlock',
  'SubnetEpochIndex',
  'ActivityCutoffFactorMilli',
  'MinNonImmuneUids',
  'AutoStakeDestination',
  'AutoStakeDestinationColdkeys',
  'ColdkeySwapAnnouncements',
  'ColdkeySwapDisputes',
];

const LATER_CALLS = [
  'register_limit',
  'swap_hotkey_v2',
  'announce_coldkey_swap',
  'swap_coldkey_announced',
  'dispute_coldkey_swap',
  'reset_coldkey_swap',
  'clear_coldkey_swap_announcement',
  'set_coldkey_auto_stake_hotkey',
  'set_tempo',
  'set_activity_cutoff_factor',
  'trigger_epoch',
  'lock_stake',
  'move_lock',
  'set_perpetual_lock',
  'add_stake_burn',
];

const LATER_ERRORS = [
  'RegistrationPriceLimitExceeded',
  'CannotUseSystemAccount',
  'ColdkeySwapAnnounced',
  'ColdkeySwapDisputed',
  'Deprecated',
  'DisabledTemporarily',
];

const LATER_METHODS = [
  'get_subnet_to_prune',
  'get_subnet_hyperparams_v3',
  'get_next_epoch_start_block',
  'get_coldkey_auto_stake_hotkey',
  'get_selective_mechagraph',
  'get_mechagraph',
  'get_all_mechagraphs',
];

const LATER_PALLETS = ['MevShield', 'AlphaAssets', 'LimitOrders', 'Contracts'];

/**
 * A runtime of 2025 (spec 300): no ceiling for the price, no sign of who is paid, other names and numbers of errors,
 * fewer signed extensions, and metadata in the versions 14 and 15 only.
 */
export function makeOld(edit: MetadataEditor): void {
  const pallet = 'SubtensorModule';
  edit.removeStorage(pallet, LATER_STORAGE);
  edit.removeVariants(pallet, 'calls', LATER_CALLS);
  edit.removeVariants(pallet, 'errors', LATER_ERRORS);
  edit.renameVariant(pallet, 'errors', 'SubnetNotExists', 'SubNetworkDoesNotExist');
  for (const error of edit.variants(pallet, 'errors')) if (error.index >= 12) error.index += 1;
  edit.removeMethods('SubnetInfoRuntimeApi', LATER_METHODS);
  edit.removeMethods('SwapRuntimeApi', ['current_alpha_price_all']);
  edit.removeMethods('StakeInfoRuntimeApi', ['get_stake_availability_for_coldkeys', 'get_coldkey_lock']);
  edit.model.apis = edit.model.apis.filter(
    (api) => !['ShieldApi', 'ProxyFilterRuntimeApi', 'ContractsApi'].includes(api.name),
  );
  removePallets(edit, LATER_PALLETS);
  const later = ['SudoTransactionExtension', 'CheckShieldedTxValidity', 'DrandPriority'];
  const names = edit.model.extrinsic.extensions.map((extension) => extension.name);
  edit.setExtensions(names.filter((name) => !later.includes(name)));
}

function removePallets(edit: MetadataEditor, names: readonly string[]): void {
  edit.model.pallets = edit.model.pallets.filter((pallet) => !names.includes(pallet.name));
  const { call, event, error } = edit.model.outerEnums;
  for (const outer of [call, event, error]) {
    const definition = edit.model.types[outer]?.definition;
    if (definition?.kind === 'variant')
      definition.value = definition.value.filter((variant) => !names.includes(variant.name));
  }
}
