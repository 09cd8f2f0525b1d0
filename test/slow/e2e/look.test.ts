import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { keypairFromUri, saveKeys } from '../../../src/wallet/index.ts';
import { needsDevchain, openTestChain, type TestChain } from '../../support/chain-endpoint/index.ts';
import { type Finished, finished, Sandbox } from '../../support/cli.ts';
import { startDevchain } from '../../support/devchain/index.ts';
import { expectSchema } from '../../support/schema.ts';

/** Block and date of both ends. */
const SINCE =
  /last seen paid at block \d+ \(\d{4}-\d\d-\d\d\), and no longer at block \d+ \(\d{4}-\d\d-\d\d\)\./;

let chain: TestChain;
let box: Sandbox;

beforeAll(async () => {
  chain = await openTestChain();
}, 120_000);
afterAll(async () => await chain.close());
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.remove());

const where = () => ['--network', chain.endpoint, '--netuid', String(chain.netuid)];

async function json<T>(id: string, ...args: string[]): Promise<T> {
  const result = await box.run([...id.split(' '), ...where(), ...args, '--json']);
  const value = JSON.parse(result.stdout) as T;
  expectSchema(id, value);
  return value;
}

interface Row {
  readonly uid: number;
  readonly role: string;
  readonly incentive: number;
}

describe('sv72 metagraph', () => {
  test('lists every neuron, sorted and filtered', async () => {
    const { neurons } = await json<{ neurons: Row[] }>('metagraph');
    expect(neurons.map(({ uid }) => uid)).toEqual(neurons.map((_, index) => index));
    const down = await json<{ neurons: Row[] }>('metagraph', '--sort=-incentive', '--filter', 'incentive>0');
    const shares = down.neurons.map(({ incentive }) => incentive);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(shares).toHaveLength(neurons.filter(({ incentive }) => incentive > 0).length);
  });

  test('prints the same rows as CSV', async () => {
    const { stdout } = await box.run(['metagraph', ...where(), '--csv', '--columns', 'uid,role,stake']);
    const [head, ...rows] = stdout.trim().split('\n');
    expect(head).toBe('uid,role,stake');
    const { neurons } = await json<{ neurons: Row[] }>('metagraph');
    expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual(
      neurons.map(({ uid, role }) => [String(uid), role]),
    );
  });

  test.each([
    ['--sort', 'weight'],
    ['--columns', 'uid,nothing'],
    ['--filter', 'uid'],
    ['--filter', 'uid>x'],
  ])('refuses %s %s', async (...args) => {
    const result = await box.run(['metagraph', ...where(), ...args, '--json']);
    expect(result.exit).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'ERR_USAGE' } });
  });
});

test('sv72 subnet show has the price and the settings in words', async () => {
  const shown = await json<{ hyperparameters: { name: string; meaning: string | null }[] }>('subnet show');
  const names = shown.hyperparameters.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['immunity_period', 'tempo', 'serving_rate_limit']));
  expect(new Set(names).size).toBe(names.length);
  expect(shown.hyperparameters.find(({ name }) => name === 'tempo')?.meaning).toMatch(/epoch/);
});

test('a subnet that is not there is an error of its own', async () => {
  for (const id of ['metagraph', 'subnet show', 'status', 'paying']) {
    const elsewhere = ['--network', chain.endpoint, '--netuid', '60001', '--json'];
    const result = await box.run([...id.split(' '), ...elsewhere, ...(id === 'status' ? ['--all'] : [])]);
    expect(JSON.parse(result.stdout), id).toMatchObject({ error: { code: 'ERR_NO_SUBNET' } });
  }
});

describe('sv72 status', () => {
  const root = () => join(box.home, '.bittensor', 'wallets');
  beforeEach(async () => {
    const keys = ['miner1', 'miner2'].map((hotkey) => ({
      location: { root: root(), wallet: 'alice', hotkey },
      keypair: keypairFromUri(`//Alice//${hotkey}`),
    }));
    await saveKeys(keys);
  });

  test('names the hotkeys that are there when none that was asked for is', async () => {
    const result = await box.run(['status', '-w', 'alice', ...where()]);
    expect(result).toMatchObject({ exit: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /There is no hotkey "default" of wallet "alice"\.\n.*--hotkey.*miner1, miner2.*--all/,
    );
    expect(result.stderr).toContain('ERR_WALLET_NOT_FOUND');
  });

  test('says that a wallet does not exist, and which do', async () => {
    const result = await box.run(['status', '-w', 'nosuch', '-H', 'miner1', ...where()]);
    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(/There is no wallet "nosuch"\.\n.*alice/);
  });

  test('shows those that are there beside those that are not, and all with --all', async () => {
    const names = async (...args: string[]) => {
      const { hotkeys } = await json<{ hotkeys: { name: string; ss58: string | null }[] }>('status', ...args);
      return hotkeys.map(({ name, ss58 }) => [name, ss58 !== null]);
    };
    expect(await names('-w', 'alice', '-H', 'miner1,gone')).toEqual([
      ['miner1', true],
      ['gone', false],
    ]);
    expect(await names('--all')).toEqual([
      ['miner1', true],
      ['miner2', true],
    ]);
  });
});

describe('sv72 paying', () => {
  test('exits by its verdict', async () => {
    const result = await box.run(['paying', ...where(), '--json']);
    const value = JSON.parse(result.stdout);
    expectSchema('paying', value);
    expect(result.exit).toBe({ pays: 0, nobody: 10, unknown: 11 }[value.verdict as 'pays']);
  });

  test('says that a halted subnet pays nobody, and since when', async (context) => {
    needsDevchain(chain, context, 'a subnet that is halted');
    const halted = await startDevchain({ scenario: 'halted' });
    onTestFinished(() => halted.close());
    const result = await box.run(['paying', '--network', halted.endpoint]);
    expect(result.exit).toBe(10);
    expect(result.stdout).toMatch(/^Subnet 72 pays no miner now\./);
    expect(result.stdout).toMatch(SINCE);
  });

  test('says that a node which forgets does not know since when', async (context) => {
    needsDevchain(chain, context, 'a node that is no archive');
    const halted = await startDevchain({ scenario: 'halted', history: false });
    onTestFinished(() => halted.close());
    const result = await box.run(['paying', '--network', halted.endpoint]);
    expect(result.exit).toBe(10);
    expect(result.stdout).toMatch(/does not keep older blocks/);
  });

  test('watches, and runs the command when the verdict changes', async (context) => {
    needsDevchain(chain, context, 'a subnet that is halted while one watches');
    const dev = await startDevchain({ slotMs: 'manual' });
    const file = join(box.home, 'told');
    const command = `printf '%s %s %s %s' "$SV72_PREVIOUS" "$SV72_VERDICT" "$SV72_NETUID" "$BT_WALLET_PASSWORD" >'${file}'`;
    const child = box.start(
      ['paying', '--network', dev.endpoint, '--watch', '--every', '1blocks', '--notify-command', command],
      { env: { BT_WALLET_PASSWORD: 'a password of a wallet' } },
    );
    const end: Promise<Finished> = finished(child);
    const shows = (text: RegExp) =>
      new Promise<void>((resolve) => {
        let seen = '';
        const look = (chunk: string) => {
          seen += chunk;
          if (text.test(seen)) resolve();
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
      });
    await shows(/Watching/);
    const subnet = dev.world.subnets.get(72);
    const owner = subnet?.neurons.findIndex(({ hotkey }) => hotkey === subnet.ownerHotkey) ?? -1;
    for (const [uid, neuron] of subnet?.neurons.entries() ?? [])
      neuron.incentive = uid === owner ? 65_535 : 0;
    const told = shows(/pays no miner now/);
    const blocks = setInterval(() => dev.mine(1), 200);
    await told;
    clearInterval(blocks);
    child.kill('SIGINT');
    expect((await end).exit).toBe(10);
    await dev.close();
    expect(readFileSync(file, 'utf8')).toBe('pays nobody 72 ');
  });
});

test.each(['paying', 'status'])(
  'sv72 %s --watch --json prints each look as a line',
  async (id) => {
    const dev = await startDevchain({ slotMs: 'manual' });
    onTestFinished(() => dev.close());
    const args = ['--network', dev.endpoint, '--watch', '--every', '1', '--json'];
    const child = box.start([id, ...args, ...(id === 'status' ? ['--all'] : [])]);
    const end = finished(child);
    const blocks = setInterval(() => dev.mine(1), 200);
    onTestFinished(() => clearInterval(blocks));
    const seen: { block: number }[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const look = JSON.parse(line);
      expectSchema(id, look);
      seen.push(look);
      if (seen.length === 3) child.kill('SIGINT');
    }
    expect((await end).exit).toBe(0);
    // What was under way when it was interrupted may be told, too. A metagraph serves status for more than one block.
    expect(seen.length).toBeGreaterThanOrEqual(3);
    const numbers = seen.map(({ block }) => block);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    if (id === 'paying') expect(new Set(numbers).size).toBe(numbers.length);
  },
  30_000,
);

test('sv72 balance takes an address', async () => {
  const address = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
  const result = await box.run(['balance', address, '--network', chain.endpoint, '--json']);
  const value = JSON.parse(result.stdout);
  expectSchema('balance', value);
  expect(value.accounts).toMatchObject([{ ss58: address, name: null }]);
});
