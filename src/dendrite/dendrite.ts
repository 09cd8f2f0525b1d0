import { randomUUID } from 'node:crypto';
import { pyFloat } from '../wire/index.ts';
import { btauthRequest } from './btauth-request.ts';
import { type ChallengeResult, type Interpreted, interpretBtauth, interpretSynapse } from './response.ts';
import type { Signer } from './signer.ts';
import { synapseRequest } from './synapse-request.ts';
import { bracketed, type Target } from './target.ts';
import { Transport } from './transport.ts';

export interface DendriteOptions {
  readonly signer: Signer;
  /** The SDK version to show. Default 9.12.2. */
  readonly sdkVersion?: string;
  /** What the real one finds out about itself and sends along; nobody checks it. Default 0.0.0.0. */
  readonly externalIp?: string;
  /** One id per program run, as the real one has it. */
  readonly uuid?: string;
  /** Unix time in nanoseconds. */
  readonly wallNs?: () => bigint;
}

export interface Question {
  readonly target: Target;
  /** SS58 of the axon that is asked; signed, so that no other can use the request. */
  readonly axonHotkey: string;
  /** JPEG bytes. */
  readonly image: Uint8Array;
  /** Default 9000, as validators of subnet 72 have it. */
  readonly timeoutMs?: number;
  /** Default axon. */
  readonly protocol?: 'axon' | 'btauth';
  /** Synapse class, or path of a btauth/1 door. Default ImageSynapse, `/predict`. */
  readonly route?: string;
  /** What testnet validators may tell; -1 for nothing. */
  readonly testnetLabel?: number;
  /** btauth/1: how the image is sent. Default json. */
  readonly bodyKind?: 'json' | 'jpeg';
  /** btauth/1: whether the request names its receiver. Default true. */
  readonly bindReceiver?: boolean;
}

export interface Dendrite {
  readonly uuid: string;
  /** Asks one axon. Never rejects for what the other side does: failures are results. */
  challenge(question: Question): Promise<ChallengeResult>;
  /** Closes idle connections. */
  close(): void;
}

/** The client side of both protocols: what a validator does to a miner. */
export function createDendrite(options: DendriteOptions): Dendrite {
  const uuid = options.uuid ?? randomUUID();
  const wallNs = options.wallNs ?? createNonceClock();
  const transport = new Transport();

  async function challenge(question: Question): Promise<ChallengeResult> {
    const { target } = question;
    const timeoutMs = question.timeoutMs ?? 9_000;
    const started = performance.now();
    const timed = (outcome: Interpreted) => ({ ...outcome, latencyMs: performance.now() - started });
    const context = (route: string) => ({
      where: `${bracketed(target.host)}:${target.port}/${route}`,
      timeoutSeconds: pyFloat(timeoutMs / 1000),
    });
    if (question.protocol === 'btauth') {
      const path = question.route ?? '/predict';
      const request = btauthRequest({
        target,
        path,
        signer: options.signer,
        receiver: question.bindReceiver === false ? null : question.axonHotkey,
        image: question.image,
        nonce: wallNs(),
        bodyKind: question.bodyKind ?? 'json',
      });
      return timed(
        interpretBtauth(await transport.send(request, timeoutMs), context(path.replace(/^\//, ''))),
      );
    }
    const route = question.route ?? 'ImageSynapse';
    const request = synapseRequest({
      target,
      route,
      signer: options.signer,
      axonHotkey: question.axonHotkey,
      image: question.image,
      timeoutMs,
      nonce: wallNs(),
      uuid,
      externalIp: options.externalIp ?? '0.0.0.0',
      sdkVersion: options.sdkVersion ?? '9.12.2',
      testnetLabel: question.testnetLabel ?? -1,
    });
    return timed(interpretSynapse(await transport.send(request, timeoutMs), context(route)));
  }

  return { uuid, challenge, close: () => transport.close() };
}

/** Wall time in nanoseconds that never yields the same value twice: nonces must differ. */
function createNonceClock(): () => bigint {
  let last = 0n;
  return () => {
    const now = BigInt(Date.now()) * 1_000_000n;
    last = now > last ? now : last + 1n;
    return last;
  };
}
