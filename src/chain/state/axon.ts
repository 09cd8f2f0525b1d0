import { asBigInt, asNumber, fieldOf } from '../plain.ts';
import type { Plain, Reads } from '../types.ts';
import { decodeIp, hostPort } from './ip.ts';

/** A neuron's address as it is announced on chain. */
export interface AxonInfo {
  /** Block of the announcement. */
  readonly block: number;
  readonly version: number;
  readonly ip: bigint;
  readonly ipType: number;
  readonly port: number;
  readonly protocol: number;
}

/** The axon that a hotkey has announced; undefined when there is none, or it was reset. */
export async function readAxon(reads: Reads, netuid: number, hotkey: string): Promise<AxonInfo | undefined> {
  const value = await reads.storage('SubtensorModule', 'Axons', netuid, hotkey);
  return value === undefined ? undefined : announced(axonInfo(value));
}

/** An AxonInfo struct of the chain. @throws ERR_CHAIN_SHAPE */
export function axonInfo(value: Plain): AxonInfo {
  const number = (name: string) => asNumber(fieldOf(value, name, 'axon'), `axon.${name}`);
  return {
    block: number('block'),
    version: number('version'),
    ip: asBigInt(fieldOf(value, 'ip', 'axon'), 'axon.ip'),
    ipType: number('ip_type'),
    port: number('port'),
    protocol: number('protocol'),
  };
}

/** Undefined for what validators take as not serving: ip 0 (never announced, or reset). */
export function announced(axon: AxonInfo): AxonInfo | undefined {
  return axon.ip === 0n ? undefined : axon;
}

/** `1.2.3.4:8091`; what the chain holds is shown as a number when it is no address. */
export function axonText(axon: AxonInfo): string {
  return hostPort(decodeIp(axon.ip, axon.ipType) ?? `0x${axon.ip.toString(16)}`, axon.port);
}

/** Blocks until an axon may be announced again (subtensor, subnets/serving.rs); 0: now. */
export function servingWait(last: AxonInfo | undefined, block: number, rateLimit: number): number {
  if (!last || last.block === 0) return 0;
  return Math.max(0, last.block + rateLimit - block);
}
