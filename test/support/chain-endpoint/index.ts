import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Keypair, keypairFromSeed, saveKeys, ss58Decode } from '../../../src/wallet/index.ts';
import { type Devchain, type DevchainOptions, startDevchain } from '../devchain/index.ts';
import { toHex } from '../devchain/scale/bytes.ts';
import { RealEndpoint } from './real-endpoint.ts';

/** A wallet on disk whose coldkey has money. */
export interface TestWallet {
  readonly path: string;
  readonly name: string;
  readonly coldkey: Keypair;
  readonly hotkeys: readonly Keypair[];
}

/** The chain that an end-to-end test runs on: our own, or whatever SV72_TEST_ENDPOINT names. */
export interface TestChain {
  readonly endpoint: string;
  /** A subnet that exists there and that one can register on. */
  readonly netuid: number;
  /** Our own chain with all its controls; undefined at a foreign endpoint. */
  readonly dev: Devchain | undefined;
  /** Gives an address money, in rao. */
  fund(address: string, amount: bigint): Promise<void>;
  /** Writes an unencrypted wallet with new keys below `home`, and funds its coldkey. */
  wallet(home: string, name: string, amount: bigint, hotkeys?: readonly string[]): Promise<TestWallet>;
  /** Lets at least so many blocks pass. */
  blocks(count: number): Promise<void>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Amount below which a foreign endpoint's key is not worth starting with: 5 TAO. */
const LEAST_FUNDS = 5_000_000_000n;

/**
 * The chain for a test file. Environment: SV72_TEST_ENDPOINT (URL), SV72_TEST_KEY (a funded coldkey: seed in hex, mnemonic or
 * URI; never shown), SV72_TEST_NETUID (created when it does not exist, which costs what a subnet costs).
 */
export async function openTestChain(
  options: { readonly devchain?: DevchainOptions; readonly env?: Environment } = {},
): Promise<TestChain> {
  const env = options.env ?? process.env;
  return env.SV72_TEST_ENDPOINT ? await foreign(env.SV72_TEST_ENDPOINT, env) : await own(options.devchain);
}

/**
 * For what only our own chain can do: reorganise, misbehave, change its runtime, start in a scenario.
 * At a foreign endpoint this says so on stderr and skips the test, so that nothing is left out in silence.
 */
export function needsDevchain(
  chain: TestChain,
  context: { skip(note?: string): void },
  what: string,
): asserts chain is TestChain & { readonly dev: Devchain } {
  if (chain.dev !== undefined) return;
  const note = `NOT TRIED at ${chain.endpoint}: ${what}`;
  process.stderr.write(`${note}\n`);
  context.skip(note);
  throw new Error(note);
}

async function own(options: DevchainOptions = {}): Promise<TestChain> {
  const dev = await startDevchain({ slotMs: 100, ...options });
  const fund = async (address: string, amount: bigint) => {
    const key = toHex(ss58Decode(address));
    const account = dev.world.accounts.get(key) ?? { free: 0n, reserved: 0n, nonce: 0 };
    dev.world.accounts.set(key, { ...account, free: account.free + amount });
  };
  return {
    endpoint: dev.endpoint,
    netuid: 72,
    dev,
    fund,
    wallet: (home, name, amount, hotkeys) => makeWallet(fund, home, name, amount, hotkeys),
    blocks: async (count) => {
      dev.mine(count);
    },
    close: () => dev.close(),
  };
}

async function foreign(url: string, env: Environment): Promise<TestChain> {
  const real = await RealEndpoint.connect(url, env.SV72_TEST_KEY);
  const fund = (address: string, amount: bigint) => real.transfer(address, amount);
  const netuid = await prepare(real, env.SV72_TEST_NETUID).catch(async (error: Error) => {
    await real.close();
    throw error;
  });
  process.stderr.write(`Testing on ${url}, subnet ${netuid}, runtime ${real.specVersion}.\n`);
  return {
    endpoint: url,
    netuid,
    dev: undefined,
    fund,
    wallet: (home, name, amount, hotkeys) => makeWallet(fund, home, name, amount, hotkeys),
    blocks: (count) => real.blocks(count),
    close: () => real.close(),
  };
}

async function prepare(real: RealEndpoint, netuid: string | undefined): Promise<number> {
  await real.requireFunds(LEAST_FUNDS);
  return await real.subnet(netuid === undefined ? undefined : Number(netuid));
}

async function makeWallet(
  fund: TestChain['fund'],
  home: string,
  name: string,
  amount: bigint,
  names: readonly string[] = ['default'],
): Promise<TestWallet> {
  const path = join(home, '.bittensor', 'wallets');
  const coldkey = keypairFromSeed(randomBytes(32));
  const hotkeys = names.map((hotkey) => ({ hotkey, keypair: keypairFromSeed(randomBytes(32)) }));
  await saveKeys([
    { location: { root: path, wallet: name }, keypair: coldkey },
    ...hotkeys.map(({ hotkey, keypair }) => ({ location: { root: path, wallet: name, hotkey }, keypair })),
  ]);
  if (amount > 0n) await fund(coldkey.ss58, amount);
  return { path, name, coldkey, hotkeys: hotkeys.map(({ keypair }) => keypair) };
}
