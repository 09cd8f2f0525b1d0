import { describe, expect, it } from 'vitest';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import {
  hotkeyStake,
  nextEpochBlock,
  positionKey,
  stakeOf,
  U64F64_ONE,
} from '../support/devchain/world/index.ts';
import { model } from './model.ts';

const [DAVE, HOT] = [keyOf('//Dave'), keyOf('//Dave//hot')];

function toEpoch(chain: ReturnType<typeof model>) {
  chain.pass(nextEpochBlock(chain.subnet) - chain.world.blockNumber);
}

describe('an epoch', () => {
  it('falls due when the tempo is over, and pays what was gathered and no more', () => {
    const chain = model('paying');
    const held = () =>
      chain.subnet.neurons.reduce((sum, { hotkey }) => sum + hotkeyStake(chain.world, hotkey, 72), 0n);
    const before = held();
    toEpoch(chain);
    expect(chain.subnet.lastEpochBlock).toBe(chain.world.blockNumber);
    const paid = held() - before;
    const gathered = 360n * 10n ** 9n;
    expect(paid).toBeLessThanOrEqual(gathered);
    expect(paid).toBeGreaterThan(gathered - 10_000n);
    expect(chain.subnet.neurons.reduce((sum, { incentive }) => sum + incentive, 0)).toBeLessThanOrEqual(
      65_535,
    );
    expect(chain.subnet.minerBurned).toBe(0n);
  });

  it('stakes a miner’s share to its hotkey, or to where its coldkey sends it', () => {
    const chain = model('paying');
    const before = stakeOf(chain.world, HOT, DAVE, 72);
    toEpoch(chain);
    const { emission } = chain.subnet.neurons[5] ?? { emission: 0n };
    expect(stakeOf(chain.world, HOT, DAVE, 72) - before).toBe(emission);
    const other = chain.subnet.neurons[6]?.hotkey ?? '';
    chain.call('//Dave', 'SubtensorModule.set_coldkey_auto_stake_hotkey', { netuid: 72, hotkey: other });
    toEpoch(chain);
    expect(stakeOf(chain.world, other, DAVE, 72)).toBe(chain.subnet.neurons[5]?.emission);
  });

  it('withholds everything where validators vote for the owner alone', () => {
    const chain = model('halted');
    expect(chain.subnet.minerBurned).toBe(1n << 32n);
    toEpoch(chain);
    expect(chain.subnet.minerBurned).toBe(1n << 32n);
    expect(
      chain.subnet.neurons.map(({ incentive }) => incentive).filter((incentive) => incentive > 0),
    ).toEqual([65_535]);
    expect(chain.subnet.neurons[5]?.emission).toBe(0n);
  });

  it('pays miners again once validators vote for them', () => {
    const chain = model('halted');
    for (const uri of ['//Validator//0', '//Validator//1', '//Validator//2', '//Validator//3']) {
      const said = chain.call(`${uri}//hot`, 'SubtensorModule.set_weights', {
        netuid: 72,
        dests: [0, 5],
        weights: [1, 3],
        version_key: 0n,
      });
      // They voted 40 to 43 blocks ago.
      expect(said).toBe('SettingWeightsTooFast');
      chain.subnet.params.weightsSetRateLimit = 0n;
      chain.call(`${uri}//hot`, 'SubtensorModule.set_weights', {
        netuid: 72,
        dests: [0, 5],
        weights: [1, 3],
        version_key: 0n,
      });
      chain.subnet.params.weightsSetRateLimit = 100n;
    }
    toEpoch(chain);
    expect(Number(chain.subnet.minerBurned) / 2 ** 32).toBeCloseTo(0.25, 6);
    expect(chain.subnet.neurons[5]?.incentive).toBe(49_151);
  });

  it('drains collateral by what was earned', () => {
    const chain = model('collateral', 'newer');
    const locked = 10n ** 12n;
    chain.subnet.collateral.set(positionKey(HOT, DAVE), {
      hotkey: HOT,
      coldkey: DAVE,
      locked,
      minLocked: 0n,
      earned: 0n,
      drainRatio: U64F64_ONE / 2n,
    });
    toEpoch(chain);
    const state = chain.subnet.collateral.get(positionKey(HOT, DAVE));
    const earned = chain.subnet.neurons[5]?.emission ?? 0n;
    expect(state?.earned).toBe(earned);
    expect(state?.locked).toBe(locked - earned / 2n);
  });
});
