import { afterEach, describe, expect, it } from 'vitest';
import { readPaying } from '../../../src/chain/index.ts';
import type { DevchainOptions, Variant } from '../../support/devchain/index.ts';
import { type Connected, connected } from '../connected.ts';

/** Blocks since miners were last paid, when the devchain's halted scenario begins. */
const HALTED_FOR = 1_300_000;

let open: Connected[] = [];
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
});

async function start(options: DevchainOptions): Promise<Connected> {
  const one = await connected({ slotMs: 'manual', ...options });
  open.push(one);
  return one;
}

/** From the next epoch on, all validators give everything to the owner. */
function halt({ dev }: Connected): void {
  const subnet = dev.world.subnets.get(72);
  const owner = subnet?.neurons.findIndex(({ hotkey }) => hotkey === subnet.ownerHotkey) ?? -1;
  for (const neuron of subnet?.neurons ?? [])
    if (neuron.weights.length > 0) neuron.weights = [[owner, 65_535]];
}

describe.each<Variant>(['spec424', 'newer', 'old'])('on %s', (variant) => {
  it('a subnet whose miners earn pays', async () => {
    const { chain } = await start({ variant, scenario: 'paying' });
    const paying = await readPaying(chain, 72);
    expect(paying).toMatchObject({ verdict: 'pays', share: 1, lastPaid: { kind: 'now' } });
  });

  it('a halted subnet pays nobody', async () => {
    const { chain } = await start({ variant, scenario: 'halted' });
    const paying = await readPaying(chain, 72);
    expect(paying.verdict).toBe('nobody');
    const weights = paying.reasons.find(({ name }) => name === 'weights');
    expect(weights).toMatchObject({ kind: 'bad' });
  });
});

describe('since when it does not pay', () => {
  it('is found between two epochs, in the blocks the node remembers', async () => {
    const at = await start({ scenario: 'paying' });
    const { dev, chain } = at;
    const params = dev.world.subnets.get(72)?.params;
    if (!params) throw new Error('no subnet 72');
    params.tempo = 20;
    dev.mine(60);
    expect((await readPaying(chain, 72)).verdict).toBe('pays');
    halt(at);
    const halted = dev.world.blockNumber;
    dev.mine(100);
    const paying = await readPaying(chain, 72);
    expect(paying.verdict).toBe('nobody');
    const { lastPaid } = paying;
    if (lastPaid?.kind !== 'stopped') throw new Error(`it is ${lastPaid?.kind}`);
    expect(lastPaid.paid.block).toBeGreaterThanOrEqual(halted - 20);
    expect(lastPaid.paid.block).toBeLessThanOrEqual(halted + 20);
    expect(lastPaid.unpaid.block - lastPaid.paid.block).toBeLessThanOrEqual(20);
    expect(lastPaid.paid.at).toBeGreaterThan(0);
  });

  it('is told of half a year ago by a node that keeps everything', async () => {
    const { dev, chain } = await start({ scenario: 'halted' });
    const began = dev.world.blockNumber;
    dev.mine(700);
    const { lastPaid, reasons } = await readPaying(chain, 72);
    if (lastPaid?.kind !== 'stopped') throw new Error(`it is ${lastPaid?.kind}`);
    expect(lastPaid.paid.block).toBeLessThan(began - HALTED_FOR);
    expect(lastPaid.unpaid.block).toBeGreaterThanOrEqual(began - HALTED_FOR);
    expect(lastPaid.unpaid.block - lastPaid.paid.block).toBeLessThanOrEqual(360);
    const at = dev.world.timestamp - (dev.world.blockNumber - lastPaid.paid.block) * chain.blockMs;
    expect(lastPaid.paid.at).toBe(at);
    expect(reasons.find(({ name }) => name === 'lastPaid')?.text).toContain(
      `block ${lastPaid.paid.block} (${new Date(at).toISOString().slice(0, 10)})`,
    );
  });

  it('is asked of an archive when the node has forgotten', async () => {
    const at = await start({ scenario: 'halted', history: false });
    const archive = await start({ scenario: 'halted' });
    at.dev.mine(340);
    const { lastPaid, reasons } = await readPaying(at.chain, 72);
    expect(lastPaid?.kind ?? 'unknown').not.toBe('stopped');
    expect(reasons.find(({ name }) => name === 'lastPaid')?.text).toMatch(/as far back|does not keep/);
    let asked = 0;
    const paying = await readPaying(at.chain, 72, {
      archive: async () => {
        asked++;
        return archive.chain;
      },
    });
    expect(asked).toBeGreaterThan(0);
    expect(paying).toMatchObject({ verdict: 'nobody', lastPaid: { kind: 'stopped' } });
  });
});
