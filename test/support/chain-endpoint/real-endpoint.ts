import { ApiPromise, Keyring, type SubmittableResult, WsProvider } from '@polkadot/api';
import type { ApiOptions, SubmittableExtrinsic } from '@polkadot/api/types';

type Pair = ReturnType<Keyring['addFromUri']>;
type Tx = SubmittableExtrinsic<'promise'>;

/** Nothing on any chain takes longer than this; a fork answers at once. */
const PATIENCE_MS = 180_000;

/** A chain that is not ours, driven by the public client library: it prepares what a test needs, and judges nothing. */
export class RealEndpoint {
  readonly #api: ApiPromise;
  readonly #funder: Pair;

  private constructor(api: ApiPromise, funder: Pair) {
    this.#api = api;
    this.#funder = funder;
  }

  static async connect(url: string, key: string | undefined): Promise<RealEndpoint> {
    const funder = readKey(key);
    const provider = new WsProvider(url, false);
    await provider.connect();
    const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true } as ApiOptions);
    return new RealEndpoint(api, funder);
  }

  get specVersion(): number {
    return this.#api.runtimeVersion.specVersion.toNumber();
  }

  async close(): Promise<void> {
    await this.#api.disconnect();
  }

  async requireFunds(least: bigint): Promise<void> {
    const account = await this.#query('system', 'account', this.#funder.address);
    const free = BigInt((account as { data: { free: string | number } }).data.free);
    if (free < least)
      throw new Error(`SV72_TEST_KEY (${this.#funder.address}) has ${free} rao, the tests want ${least}.`);
  }

  async transfer(address: string, amount: bigint): Promise<void> {
    await this.#send(this.#call('balances', 'transferKeepAlive', address, amount));
  }

  /** A subnet to register on: the wanted one, else 72, else any that is open, else a new one. */
  async subnet(wanted: number | undefined): Promise<number> {
    for (const netuid of wanted === undefined ? [72] : [wanted])
      if (await this.#isOpen(netuid)) return netuid;
    if (wanted === undefined) {
      const all = (await this.#api.query.subtensorModule?.networksAdded?.keys()) ?? [];
      for (const { args } of all) {
        const netuid = Number(args[0]?.toString());
        if (netuid !== 0 && (await this.#isOpen(netuid))) return netuid;
      }
    }
    return await this.#newSubnet();
  }

  /** Waits for blocks; where none come by themselves (a fork), sends remarks to bring them. */
  async blocks(count: number): Promise<void> {
    const head = async () => (await this.#api.rpc.chain.getHeader()).number.toNumber();
    const target = (await head()) + count;
    const slot = Number(this.#api.consts.aura?.slotDuration?.toString() ?? 12_000);
    while ((await head()) < target) {
      const before = await head();
      await new Promise((resolve) => setTimeout(resolve, Math.min(slot * 2, 24_000)));
      if ((await head()) === before) await this.#send(this.#call('system', 'remark', '0x00'));
    }
  }

  async #newSubnet(): Promise<number> {
    const hotkey = new Keyring({ type: 'sr25519' }).addFromUri(`//sv72-tests-${Date.now()}`);
    const { events } = await this.#send(
      this.#call('subtensorModule', 'registerNetwork', hotkey.address),
    ).catch((error: Error) => {
      throw new Error(`No subnet to test on, and none could be created: ${error.message}.`);
    });
    const added = events.find(
      ({ event }) => event.section === 'subtensorModule' && event.method === 'NetworkAdded',
    );
    if (added === undefined) throw new Error('register_network brought no NetworkAdded.');
    const netuid = Number(added.event.data[0]?.toString());
    process.stderr.write(`Created subnet ${netuid} for the tests.\n`);
    if (this.#api.tx.subtensorModule?.startCall !== undefined)
      await this.#send(this.#call('subtensorModule', 'startCall', netuid)).catch((error: Error) =>
        process.stderr.write(
          `Subnet ${netuid} could not be started yet (${error.message}): no staking there.\n`,
        ),
      );
    return netuid;
  }

  async #isOpen(netuid: number): Promise<boolean> {
    if ((await this.#query('subtensorModule', 'networksAdded', netuid)) !== true) return false;
    return (await this.#query('subtensorModule', 'networkRegistrationAllowed', netuid)) === true;
  }

  async #query(pallet: string, item: string, ...keys: unknown[]): Promise<unknown> {
    const answer = await this.#api.query[pallet]?.[item]?.(...keys);
    return answer?.toJSON();
  }

  #call(pallet: string, name: string, ...args: unknown[]): Tx {
    const make = this.#api.tx[pallet]?.[name];
    if (make === undefined) throw new Error(`${this.specVersion} has no call ${pallet}.${name}.`);
    return make(...args);
  }

  #send(tx: Tx): Promise<SubmittableResult> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('No answer to a submission.')), PATIENCE_MS);
      const settle = (end: () => void) => {
        clearTimeout(patience);
        end();
      };
      const onResult = (result: SubmittableResult) => {
        if (result.isError) return settle(() => reject(new Error(result.status.type)));
        if (!result.isFinalized) return;
        const { dispatchError } = result;
        if (dispatchError === undefined) return settle(() => resolve(result));
        const name = dispatchError.isModule
          ? this.#api.registry.findMetaError(dispatchError.asModule).name
          : dispatchError.type;
        settle(() => reject(new Error(name)));
      };
      tx.signAndSend(this.#funder, { nonce: -1 }, onResult).catch((error: Error) =>
        settle(() => reject(error)),
      );
    });
  }
}

/** Seed in hex, mnemonic or URI. What was given never gets into a message. */
function readKey(secret: string | undefined): Pair {
  if (!secret)
    throw new Error(
      'SV72_TEST_ENDPOINT needs SV72_TEST_KEY: seed in hex, mnemonic or URI of a funded coldkey.',
    );
  const text = secret.trim();
  try {
    return new Keyring({ type: 'sr25519' }).addFromUri(/^[0-9a-fA-F]{64}$/.test(text) ? `0x${text}` : text);
  } catch {
    throw new Error('SV72_TEST_KEY is no seed in hex, no mnemonic and no URI.');
  }
}
