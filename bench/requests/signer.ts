import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pythonEnvironment } from '../../test/interop/support/venvs.ts';

export interface SignOrder {
  /** 0x + 64 hex. */
  readonly seed: string;
  readonly axon: string;
  readonly uuids: readonly string[];
  readonly fromNs: bigint;
  readonly stepNs: bigint;
  /** Requests of each uuid. */
  readonly each: number;
}

/** Signs with the SDK's own wallet: it is not ours, and at some 35,000 a second it is never what is waited for. */
export class Signer {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#child = child;
    this.#reader = createInterface({ input: child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async start(): Promise<Signer> {
    const { python, peer } = await pythonEnvironment('wallet-4.1');
    return new Signer(spawn(python, [peer('signer_peer.py')], { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  async sign(order: SignOrder): Promise<{ hotkey: string; signatures: string[][] }> {
    const { seed, axon, uuids, each } = order;
    // Nonces exceed what JSON.stringify can write as numbers.
    const job = JSON.stringify({ seed, axon, uuids, each }).slice(0, -1);
    this.#child.stdin.write(`${job}, "from": ${order.fromNs}, "step": ${order.stepNs}}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('the signing process ended early');
    return JSON.parse(line.value);
  }

  stop(): void {
    this.#reader.close();
    this.#child.kill();
  }
}
