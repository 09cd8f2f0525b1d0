import type { PlainCall } from '../model.ts';

/** The runtime's ProxyType by its number. */
export const PROXY_TYPES = [
  'Any',
  'Owner',
  'NonCritical',
  'NonTransfer',
  'Senate',
  'NonFungible',
  'Triumvirate',
  'Governance',
  'Staking',
  'Registration',
  'Transfer',
  'SmallTransfer',
  'RootWeights',
  'ChildKeys',
  'SudoUncheckedSetCode',
  'SwapHotkey',
  'SubnetLeaseBeneficiary',
  'RootClaim',
] as const;

export const DEPRECATED_TYPES: ReadonlySet<string> = new Set([
  'Senate',
  'Triumvirate',
  'Governance',
  'RootWeights',
]);

const subtensor = (...names: string[]) => names.map((name) => `SubtensorModule.${name}`);

const TRANSFERS = ['Balances.transfer_keep_alive', 'Balances.transfer_allow_death', 'Balances.transfer_all'];
const BALANCES = ['force_transfer', 'force_unreserve', 'force_set_balance', 'burn'].map(
  (name) => `Balances.${name}`,
);
const STAKE = subtensor(
  'add_stake',
  'add_stake_limit',
  'remove_stake',
  'remove_stake_limit',
  'remove_stake_full_limit',
  'unstake_all',
  'unstake_all_alpha',
  'move_stake',
  'swap_stake',
  'swap_stake_limit',
  'add_collateral',
  'set_min_collateral',
);
const STAKE_TRANSFERS = subtensor('transfer_stake', 'transfer_stake_and_hotkey');
const REGISTRATIONS = subtensor('register', 'register_limit', 'burned_register');
const BURNED = subtensor('burned_register');
const ROOT = subtensor('root_register');
const HOTKEY_SWAPS = subtensor('swap_hotkey', 'swap_hotkey_v2');
const COLDKEY_SWAPS = subtensor(
  'schedule_swap_coldkey',
  'swap_coldkey',
  'announce_coldkey_swap',
  'swap_coldkey_announced',
);
const CRITICAL = subtensor('dissolve_network', 'root_dissolve_network');
const SUDO = ['Sudo.sudo', 'Sudo.sudo_unchecked_weight', 'Sudo.set_key', 'Sudo.sudo_as'];

/** What a type lets through alone; runtime/src/proxy_filters. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  Staking: [...STAKE, ...subtensor('set_root_claim_type')],
  Registration: REGISTRATIONS,
  Transfer: [...TRANSFERS, ...STAKE_TRANSFERS],
  SmallTransfer: [...TRANSFERS.slice(0, 2), ...STAKE_TRANSFERS.slice(0, 1)],
  ChildKeys: subtensor('set_children', 'set_childkey_take'),
  SwapHotkey: HOTKEY_SWAPS,
  RootClaim: subtensor('claim_root'),
  Owner: [...subtensor('set_subnet_identity', 'update_symbol'), 'AdminUtils.*'],
  SubnetLeaseBeneficiary: [
    ...subtensor('start_call', 'set_subnet_identity', 'update_symbol'),
    'AdminUtils.*',
  ],
  SudoUncheckedSetCode: ['Sudo.sudo_unchecked_weight'],
};

/** What a type lets through except. */
export const DENIED: Readonly<Record<string, readonly string[]>> = {
  NonTransfer: [...TRANSFERS, ...BALANCES, ...STAKE_TRANSFERS, ...COLDKEY_SWAPS],
  NonFungible: [
    ...TRANSFERS,
    ...BALANCES,
    ...STAKE,
    ...STAKE_TRANSFERS,
    ...BURNED,
    ...ROOT,
    ...HOTKEY_SWAPS,
    ...COLDKEY_SWAPS,
  ],
  NonCritical: [...SUDO, ...BURNED, ...ROOT, ...CRITICAL, ...COLDKEY_SWAPS],
};

/** Half a TAO, and as much alpha. */
export const SMALL = 500_000_000n;

export function lets(type: string, call: PlainCall): boolean {
  if (type === 'Any') return true;
  const name = `${call.pallet}.${call.name}`;
  const allowed = ALLOWED[type];
  if (allowed === undefined) return DENIED[type]?.includes(name) === false;
  if (!allowed.includes(name) && !allowed.includes(`${call.pallet}.*`)) return false;
  const { value, alpha_amount } = call.args;
  const amount = value ?? alpha_amount;
  return type !== 'SmallTransfer' || (typeof amount === 'bigint' && amount < SMALL);
}
