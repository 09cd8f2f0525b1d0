import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  needsDevchain,
  openTestChain,
  type TestChain,
  type TestWallet,
} from '../../support/chain-endpoint/index.ts';
import { type Finished, Sandbox } from '../../support/cli.ts';
import { startDevchain } from '../../support/devchain/index.ts';
import { expectSchema } from '../../support/schema.ts';

/** Block and date of both ends. */
const SINCE =
  /last seen paid at block \d+ \(\d{4}-\d\d-\d\d\), and no longer at block \d+ \(\d{4}-\d\d-\d\d\)\./;

/** What is looked at of a result. */
interface Result {
  readonly outcome: string;
  readonly hotkeys: readonly {
    hotkey: string;
    uid: number | null;
    already: boolean;
    extrinsic: string | null;
  }[];
  readonly calls: readonly { call: string; human: string }[];
  readonly check: { kind: string } | null;
  readonly error?: { code: string; details: Record<string, unknown> };
}

let chain: TestChain;
let box: Sandbox;
let wallet: TestWallet;

// One wallet for all: at a foreign endpoint its money is somebody's.
beforeAll(async () => {
  chain = await openTestChain();
  box = new Sandbox();
  wallet = await chain.wallet(box.home, 'w', 3_100_000_000n, ['h0', 'h1', 'h2']);
}, 180_000);
afterAll(async () => {
  box.remove();
  await chain.close();
});

/** `sv72 register --json` of wallet w on the chain of the tests. */
async function register(...args: string[]): Promise<Finished & { json: Result }> {
  const result = await box.run(
    ['register', '-w', 'w', '--network', chain.endpoint, '--netuid', String(chain.netuid), '--json', ...args],
    {},
  );
  const json: Result = JSON.parse(result.stdout);
  expectSchema(json.error === undefined ? 'register' : 'failure', json);
  return { ...result, json };
}

const AGREED = ['--max-price', '1.5', '--accept-unpaid', '--yes'];

describe('sv72 register', () => {
  test('shows the bill and lets the node check the signed transaction, without sending it', async () => {
    const { exit, json } = await register('-H', 'h0', '--dry-run');
    expect(json).toMatchObject({ outcome: 'dry-run', check: { kind: 'valid' } });
    expect(exit).toBe(0);
    expect((await register('-H', 'h0', '--dry-run')).json.hotkeys[0]?.uid).toBeNull();
  });

  test('registers, and a second run sends nothing', async () => {
    const first = await register('-H', 'h0', ...AGREED);
    expect(first.json).toMatchObject({ outcome: 'registered', hotkeys: [{ already: false }] });
    expect(first.exit).toBe(0);
    const second = await register('-H', 'h0', ...AGREED);
    expect(second.json.hotkeys).toMatchObject([
      { uid: first.json.hotkeys[0]?.uid, already: true, extrinsic: null },
    ]);
    expect(second.exit).toBe(0);
  }, 120_000);

  test('registers a key that lives elsewhere by its address', async () => {
    const address = wallet.hotkeys[1]?.ss58 ?? '';
    const { json, exit } = await register('--hotkey-address', address, ...AGREED);
    expect(json.hotkeys).toMatchObject([{ hotkey: address, already: false, uid: expect.any(Number) }]);
    expect(exit).toBe(0);
  }, 120_000);

  test('nobody to ask: without a ceiling it refuses, and says which flag is missing', async () => {
    const { json, exit } = await register('-H', 'h2', '--accept-unpaid');
    expect(json.error).toMatchObject({ code: 'ERR_NEEDS_ANSWER', details: { flag: '--max-price' } });
    expect(exit).toBe(2);
  });

  test('a ceiling below the price', async () => {
    const { json, exit } = await register(
      '-H',
      'h2',
      '--accept-unpaid',
      '--max-price',
      '0.000000001',
      '--yes',
    );
    expect(json.error?.code).toBe('ERR_PRICE_ABOVE_CEILING');
    expect(exit).toBe(1);
  });

  test('prints the call for signing elsewhere', async () => {
    const { json, exit } = await register('-H', 'h2', '--print-call', '--max-price', '0.5');
    expect(json.outcome).toBe('printed');
    expect(json.calls[0]?.human).toMatch(/^SubtensorModule\.(register_limit|burned_register)\(/);
    expect(json.calls[0]?.call).toMatch(/^0x[0-9a-f]{70,}$/);
    expect(exit).toBe(0);
  });

  test('a subnet that pays nobody: it says since when, and refuses without --accept-unpaid', async (context) => {
    needsDevchain(chain, context, 'a subnet that is halted');
    const halted = await startDevchain({ scenario: 'halted' });
    onTestFinished(() => halted.close());
    const payer = `0x${Buffer.from(wallet.coldkey.publicKey).toString('hex')}`;
    halted.world.accounts.set(payer, { free: 10n ** 10n, reserved: 0n, nonce: 0 });
    const args = ['register', '-w', 'w', '-H', 'h2', '--network', halted.endpoint];
    const { json, exit } = await box.json([...args, '--max-price', '1', '--yes']);
    expect((json as { error: object }).error).toMatchObject({ code: 'ERR_SUBNET_PAYS_NOBODY' });
    expect((json as { error: { message: string } }).error.message).toMatch(SINCE);
    expect(exit).toBe(1);
    const bill = await box.run([...args, '--dry-run']);
    expect(bill.stdout.replaceAll(/\s+/g, ' ')).toMatch(SINCE);
  });

  test('a subnet that does not exist', async () => {
    const args = ['register', '-w', 'w', '-H', 'h2', '--network', chain.endpoint, '--netuid', '65000'];
    const { json } = await box.json([...args, ...AGREED]);
    expect((json as Result).error).toMatchObject({
      code: 'ERR_CANNOT_REGISTER',
      details: { reason: 'SubnetNotExists' },
    });
  });
});
