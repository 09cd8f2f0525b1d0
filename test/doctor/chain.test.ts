import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHECKS, type DoctorContext, type Finding } from '../../src/doctor/index.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';
import { type Connected, connected } from '../chain/connected.ts';
import type { DevchainOptions } from '../support/devchain/index.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { contextOf } from './context.ts';

let open: Connected;
const start = async (options: DevchainOptions = {}) => {
  open = await connected({ slotMs: 'manual', ...options });
};
afterEach(async () => await open.close());

async function ask(
  id: string,
  parts: Partial<DoctorContext> = {},
  file: object = {},
): Promise<readonly Finding[]> {
  const chain = async () => open.chain;
  const found = await CHECKS.find((one) => one.id === id)?.run(await contextOf({ chain, ...parts }, file));
  if (found === undefined) throw new Error(`${id} found nothing`);
  return 'status' in found ? [found] : found;
}

describe('paying', () => {
  it('is fine where miners are paid, with the reason', async () => {
    await start();
    const [found] = await ask('paying');
    expect(found).toMatchObject({
      status: 'ok',
      sentence: expect.stringMatching(/^Subnet 72 pays its miners\. ./),
    });
    expect(found).not.toHaveProperty('fix');
  });

  it('warns where nobody is paid, with the reason and what says more', async () => {
    await start({ scenario: 'halted' });
    const [found] = await ask('paying');
    expect(found).toMatchObject({
      status: 'warning',
      sentence: expect.stringMatching(/^Subnet 72 pays no miner now\. ./),
      fix: 'sv72 paying --netuid 72',
    });
  });

  it('judges no subnet that there is not', async () => {
    await start();
    await expect(ask('paying', { netuid: 60_001 })).rejects.toMatchObject({ code: 'ERR_NO_SUBNET' });
  });
});

describe('axon', () => {
  const dave = { name: 'dave', ss58: keypairFromUri('//Dave//hot').ss58 };
  const key = keyOf('//Dave//hot');
  const axons = () => open.dev.world.subnets.get(72)?.axons;
  beforeEach(async () => await start());

  const port = 8_091;
  const at = { port, externalPort: null, profile: 'speed', listed: false } as const;
  const ours = { miners: [{ ...dave, ...at }] };
  /** The settings with an address of their own. */
  const file = { axon: { external_ip: '8.8.4.4', port } };

  it('that is announced elsewhere than the settings say is to be announced again', async () => {
    const found = await ask('axon', ours, file);
    const wrong = found.find(({ sentence }) => sentence.includes('8.8.4.4:8091'));
    expect(wrong).toMatchObject({ status: 'failed', fix: 'sv72 axon set --hotkey dave' });
  });

  it('that is announced as the settings say is fine, as far as that can be seen without a miner', async () => {
    const axon = axons()?.get(key);
    if (axon === undefined) throw new Error('Dave has no axon');
    axons()?.set(key, { ...axon, ip: 0x08080404n, ip_type: 4, port: 8_091 });
    open.dev.mine();
    const found = await ask('axon', ours, file);
    expect(found).toMatchObject([
      { status: 'warning', sentence: expect.stringMatching(/^No miner of "dave" runs/) },
    ]);
  });

  it('that is not announced at all', async () => {
    axons()?.delete(key);
    open.dev.mine();
    const found = await ask('axon', ours, file);
    expect(found).toMatchObject([{ status: 'failed', fix: 'sv72 axon set --hotkey dave' }]);
  });

  it('of a hotkey without a UID is left to the registration', async () => {
    const stranger = { name: 'new', ss58: keypairFromUri('//Dave//new').ss58 };
    const found = await ask('axon', {
      miners: [
        { ...stranger, ...at },
        { ...at, name: 'locked', ss58: undefined },
      ],
    });
    expect(found.map(({ status }) => status)).toEqual(['skipped', 'unknown']);
    expect(found.map(({ miners }) => miners)).toEqual([['new'], ['locked']]);
  });

  it('of each of several miners is compared with its own port', async () => {
    const axon = axons()?.get(key);
    if (axon === undefined) throw new Error('Dave has no axon');
    axons()?.set(key, { ...axon, ip: 0x08080404n, ip_type: 4, port: 8_101 });
    open.dev.mine();
    const listed = [
      { ...at, name: 'first', ss58: keypairFromUri('//Dave//new').ss58, listed: true },
      { ...dave, ...at, port: 8_101, listed: true },
    ];
    const found = await ask('axon', { miners: listed }, file);
    expect(found).toMatchObject([
      { status: 'skipped', miners: ['first'] },
      { status: 'warning', miners: ['dave'], fix: 'sv72 serve --all' },
    ]);
  });
});
