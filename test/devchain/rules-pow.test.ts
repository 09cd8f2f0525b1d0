import { describe, expect, it } from 'vitest';
import { keypairFromSeed } from '../../src/wallet/index.ts';
import { meetsDifficulty, sealOf } from '../support/devchain/rules/pow.ts';
import { BLOCK_HASH, model, named } from './model.ts';

const publicKey = (byte: number) =>
  `0x${Buffer.from(keypairFromSeed(new Uint8Array(32).fill(byte)).publicKey).toString('hex')}`;
const work = (nonce: bigint) =>
  sealOf({ netuid: 72, blockHash: BLOCK_HASH, hotkey: publicKey(0x11), coldkey: publicKey(0x22), nonce });

describe('the seal', () => {
  it.each([
    [0n, '5454a86092d3c153b5ef5260f31040a0f6a8cec49e059adc524819ea87786c1c'],
    [1n, '52ff0b473ab4b038f5be52883054424da95e523bd0904b010668bb54eb89d7ba'],
    [72n, '727f5d625947685eaa9b8c1944930582cbd58750fa241c51617befbdf2e43895'],
    [2n ** 64n - 1n, 'a1c49d2ab39d920427e6f31b9325b9782c71101b3350e90f72410f6a8ff638df'],
  ])('of nonce %s is the published one', (nonce, expected) => {
    expect(work(nonce)).toBe(`0x${expected}`);
  });

  it.each([
    [10n, 3n],
    [1_000n, 567n],
    [1_000_000n, 86_741n],
    [10_000_000n, 1_178_304n],
  ])(
    'meets difficulty %s with the published nonce and not with one that a tenth more would take',
    (difficulty, nonce) => {
      expect(meetsDifficulty(work(nonce), difficulty)).toBe(true);
      expect(meetsDifficulty(work(0n), difficulty)).toBe(false);
    },
  );
});

describe('pow_register', () => {
  const coldkey = publicKey(0x22);
  const proof = (world: { blockNumber: number }, nonce = 567n, age = 0) => ({
    netuid: 72,
    work_block: BigInt(world.blockNumber - age),
    nonce,
    work: work(nonce),
    hotkey: publicKey(0x11),
  });

  function easy() {
    const chain = model('pow', 'newer');
    Object.assign(chain.subnet.params, { minDifficulty: 1_000n, burnHalfLife: 0 });
    chain.subnet.difficulty = 1_000n;
    return chain;
  }

  it('gives a UID for nothing, and raises the difficulty alone', () => {
    const chain = easy();
    const { burn } = chain.subnet;
    expect(chain.pool(coldkey, 'SubtensorModule.pow_register', proof(chain.world))).toBeUndefined();
    const events = chain.call(coldkey, 'SubtensorModule.pow_register', proof(chain.world));
    expect(named(events, 'NeuronRegistered')).toEqual([72, expect.any(Number), publicKey(0x11)]);
    expect(chain.subnet.difficulty).toBe(1_260n);
    expect(chain.subnet.burn).toBe(burn);
    expect(chain.call(coldkey, 'SubtensorModule.pow_register', proof(chain.world))).toBe(
      'HotKeyAlreadyRegisteredInSubNet',
    );
  });

  it('refuses stale, future and wrong work, in the pool as in the block', () => {
    const chain = easy();
    const send = (args: ReturnType<typeof proof>) => {
      const said = chain.call(coldkey, 'SubtensorModule.pow_register', args);
      expect(chain.pool(coldkey, 'SubtensorModule.pow_register', args)).toBe(255);
      return said;
    };
    expect(send(proof(chain.world, 567n, 2))).toBe('InvalidWorkBlock');
    expect(send(proof(chain.world, 567n, -1))).toBe('InvalidWorkBlock');
    expect(send({ ...proof(chain.world), nonce: 568n })).toBe('InvalidSeal');
    expect(send(proof(chain.world, 3n))).toBe('InvalidDifficulty');
    expect(chain.call('//Alice', 'SubtensorModule.pow_register', proof(chain.world))).toBe('InvalidSeal');
    chain.subnet.params.networkPowRegistrationAllowed = false;
    expect(send(proof(chain.world))).toBe('SubNetRegistrationDisabled');
  });

  it('takes one a block, and the pool none after a block with one', () => {
    const chain = easy();
    chain.subnet.registrationsThisBlock = 1;
    expect(chain.call(coldkey, 'SubtensorModule.pow_register', proof(chain.world))).toBe(
      'TooManyRegistrationsThisBlock',
    );
    expect(chain.pool(coldkey, 'SubtensorModule.pow_register', proof(chain.world))).toBe(255);
    chain.pass(1);
    expect(chain.pool(coldkey, 'SubtensorModule.pow_register', proof(chain.world))).toBeUndefined();
  });
});
