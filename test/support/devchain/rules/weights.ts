import type { PlainCall } from '../model.ts';

const READ = 25_000_000n;
const WRITE = 100_000_000n;
const ORDINARY = 500_000_000n;

/** ps of reference time, by the counts of the runtime's own weights (weights.rs of spec 425). */
const REGISTRATION = 336_815_000n + 34n * READ + 29n * WRITE;
const STAKING = 439_200_000n + 34n * READ + 20n * WRITE;

const WEIGHTS: Readonly<Record<string, bigint>> = {
  'SubtensorModule.register': REGISTRATION,
  'SubtensorModule.burned_register': REGISTRATION,
  'SubtensorModule.register_limit': REGISTRATION,
  'SubtensorModule.add_stake': STAKING,
  'SubtensorModule.add_stake_limit': STAKING,
  'SubtensorModule.remove_stake': STAKING,
  'SubtensorModule.remove_stake_limit': STAKING,
  'SubtensorModule.remove_stake_full_limit': STAKING,
  'SubtensorModule.unstake_all': STAKING,
  'SubtensorModule.add_collateral': STAKING,
};

/** What a call weighs, those that it carries counted. */
export function weightOf(call: PlainCall): bigint {
  const own = WEIGHTS[`${call.pallet}.${call.name}`] ?? ORDINARY;
  const carried = [call.args.call, ...(Array.isArray(call.args.calls) ? call.args.calls : [])].filter(isCall);
  return carried.reduce((sum, inner) => sum + weightOf(inner), own);
}

function isCall(value: unknown): value is PlainCall {
  return (
    typeof value === 'object' && value !== null && 'pallet' in value && 'name' in value && 'args' in value
  );
}
