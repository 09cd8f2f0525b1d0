import { type Rao, rao } from '../../amount/index.ts';
import { asBigInt, asFixed, asNumber, asString, asUtf8, fieldOf } from '../plain.ts';
import type { Reads } from '../types.ts';

const PALLET = 'SubtensorModule';

/** Whether the subnet exists. */
export async function subnetExists(reads: Reads, netuid: number): Promise<boolean> {
  return (await reads.storage(PALLET, 'NetworksAdded', netuid)) === true;
}

/** TAO per alpha now, in rao for one whole alpha (SwapRuntimeApi.current_alpha_price); 1 TAO on the root network. */
export async function readAlphaPrice(reads: Reads, netuid: number): Promise<Rao> {
  if (netuid === 0) return rao(1_000_000_000n);
  if (reads.has.runtimeApi('SwapRuntimeApi', 'current_alpha_price')) {
    return rao(
      asBigInt(
        await reads.runtimeApi('SwapRuntimeApi', 'current_alpha_price', [netuid]),
        'current_alpha_price',
      ),
    );
  }
  const { taoIn, alphaIn } = await readPool(reads, netuid);
  return rao(alphaIn === 0n ? 0n : (taoIn * 1_000_000_000n) / alphaIn);
}

async function readPool(reads: Reads, netuid: number) {
  const [tao, alpha] = await Promise.all([
    reads.storage(PALLET, 'SubnetTAO', netuid),
    reads.storage(PALLET, 'SubnetAlphaIn', netuid),
  ]);
  return { taoIn: asBigInt(tao, 'SubnetTAO'), alphaIn: asBigInt(alpha, 'SubnetAlphaIn') };
}

export interface Subnet {
  readonly netuid: number;
  readonly name: string | undefined;
  readonly symbol: string | undefined;
  readonly ownerColdkey: string;
  readonly ownerHotkey: string;
  readonly registeredAt: number;
  readonly uids: number;
  readonly maxUids: number;
  readonly tempo: number;
  /** Blocks to the next epoch, where the runtime can tell. */
  readonly nextEpoch: number | undefined;
  readonly alphaPrice: Rao;
  readonly movingPrice: number;
  readonly emissionEnabled: boolean | undefined;
}

/** What a subnet is. @returns undefined when there is none of that number */
export async function readSubnet(reads: Reads, netuid: number): Promise<Subnet | undefined> {
  if (!(await subnetExists(reads, netuid))) return undefined;
  const optional = async (item: string) =>
    reads.has.storage(PALLET, item) ? await reads.storage(PALLET, item, netuid) : undefined;
  const [coldkey, hotkey, registeredAt, uids, maxUids, tempo, moving, enabled, symbol, identity] =
    await Promise.all(
      [
        'SubnetOwner',
        'SubnetOwnerHotkey',
        'NetworkRegisteredAt',
        'SubnetworkN',
        'MaxAllowedUids',
        'Tempo',
        'SubnetMovingPrice',
        'SubnetEmissionEnabled',
        'TokenSymbol',
        'SubnetIdentitiesV3',
      ].map(optional),
    );
  const [alphaPrice, nextEpoch] = await Promise.all([
    readAlphaPrice(reads, netuid),
    readNextEpoch(reads, netuid),
  ]);
  const name = identity === undefined ? undefined : fieldOf(identity, 'subnet_name', 'identity');
  return {
    netuid,
    name: name === undefined ? undefined : asUtf8(name, 'subnet_name') || undefined,
    symbol: symbol === undefined ? undefined : asUtf8(symbol, 'TokenSymbol') || undefined,
    ownerColdkey: asString(coldkey, 'SubnetOwner'),
    ownerHotkey: asString(hotkey ?? coldkey, 'SubnetOwnerHotkey'),
    registeredAt: asNumber(registeredAt ?? 0, 'NetworkRegisteredAt'),
    uids: asNumber(uids, 'SubnetworkN'),
    maxUids: asNumber(maxUids, 'MaxAllowedUids'),
    tempo: asNumber(tempo, 'Tempo'),
    nextEpoch,
    alphaPrice,
    movingPrice: moving === undefined ? 1 : asFixed(moving, 32, 'SubnetMovingPrice'),
    emissionEnabled: typeof enabled === 'boolean' ? enabled : undefined,
  };
}

/** The block at which the next epoch begins, and pay comes; undefined where the runtime does not tell. */
export async function readNextEpoch(reads: Reads, netuid: number): Promise<number | undefined> {
  if (reads.has.runtimeApi('SubnetInfoRuntimeApi', 'get_next_epoch_start_block')) {
    const block = await reads.runtimeApi('SubnetInfoRuntimeApi', 'get_next_epoch_start_block', [netuid]);
    return block === undefined ? undefined : asNumber(block, 'get_next_epoch_start_block');
  }
  if (!reads.has.storage(PALLET, 'BlocksSinceLastStep')) return undefined;
  const [since, tempo, number] = await Promise.all([
    reads.storage(PALLET, 'BlocksSinceLastStep', netuid),
    reads.storage(PALLET, 'Tempo', netuid),
    reads.storage('System', 'Number'),
  ]);
  const left = asNumber(tempo, 'Tempo') + 1 - asNumber(since, 'BlocksSinceLastStep');
  return asNumber(number, 'System.Number') + Math.max(0, left);
}
