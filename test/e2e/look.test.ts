import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { needsDevchain, openTestChain, type TestChain } from '../support/chain-endpoint/index.ts';
import { type Finished, finished, Sandbox } from '../support/cli.ts';
import { startDevchain } from '../support/devchain/index.ts';
import { expectSchema } from '../support/schema.ts';

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
  for (const id of ['metagraph', 'subnet show', 'status']) {
    const result = await box.run([
      ...id.split(' '),
      '--network',
      chain.endpoint,
      '--netuid',
      '60001',
      '--json',
    ]);
    expect(JSON.parse(result.stdout), id).toMatchObject({ error: { code: 'ERR_NO_SUBNET' } });
  }
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
    const child = box.start([
      'paying',
      ...['--network', dev.endpoint, '--watch', '--every', '1'],
      ...['--notify-command', `printf '%s %s %s' "$SV72_PREVIOUS" "$SV72_VERDICT" "$SV72_NETUID" >'${file}'`],
    ]);
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
    expect(readFileSync(file, 'utf8')).toBe('pays nobody 72');
  });
});

test('sv72 balance takes an address', async () => {
  const address = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
  const result = await box.run(['balance', address, '--network', chain.endpoint, '--json']);
  const value = JSON.parse(result.stdout);
  expectSchema('balance', value);
  expect(value.accounts).toMatchObject([{ ss58: address, name: null }]);
});
