import type { ConfiguredMiner } from '../../config/index.ts';
import { parseTarget, type Target } from '../../dendrite/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { isSs58, loadPublicKey } from '../../wallet/index.ts';
import type { LocalMiner } from '../lock.ts';
import { hostPort } from '../render.ts';

/** One axon to ask. */
export interface ChallengeTarget extends Target {
  /** SS58 address that the requests are signed for. */
  readonly hotkey: string;
}

export interface TargetsOptions {
  /** `host:port`, as typed. */
  readonly named: readonly string[];
  /**
   * For the named targets in their order, or one for all: SS58 addresses, or names of hotkeys of the wallet. Without
   * named targets they choose among the local miners.
   */
  readonly axonHotkeys: readonly string[];
  /** All miners that this user runs on this machine. */
  readonly local: boolean;
  /** The axons that the configuration describes. */
  readonly configured?: { readonly host: string; readonly miners: readonly ConfiguredMiner[] };
  /** Where names of hotkeys are looked up. */
  readonly wallet: { readonly root: string; readonly name: string };
  readonly findLocal: () => Promise<readonly LocalMiner[]>;
}

/**
 * The axons to ask: only those that were named, in one of three ways.
 *
 * @throws ERR_NO_TARGET when none was named or none runs, ERR_TARGET, ERR_AXON_HOTKEY when it is not known whom a
 *   request is to be signed for, ERR_WALLET_NOT_FOUND.
 */
export async function resolveTargets(options: TargetsOptions): Promise<ChallengeTarget[]> {
  const miners = await options.findLocal();
  const targets = [
    ...namedTargets(options, miners),
    ...localTargets(options, miners),
    ...configuredTargets(options),
  ];
  if (targets.length > 0) return distinct(targets);
  if (options.local) throw new Sv72Error('ERR_NO_TARGET', 'No such miner of this user runs on this machine.');
  const running = miners.map(({ host, port }) => hostPort(reachable(host), port)).join(', ');
  throw new Sv72Error(
    'ERR_NO_TARGET',
    'There is nobody to ask, because no target was named.',
    running === '' ? {} : { next: `Add --local to ask the miner that runs here (${running}).` },
  );
}

function namedTargets(options: TargetsOptions, miners: readonly LocalMiner[]): ChallengeTarget[] {
  const { named, axonHotkeys } = options;
  if (named.length > 0 && axonHotkeys.length > 1 && axonHotkeys.length !== named.length) {
    throw new Sv72Error(
      'ERR_AXON_HOTKEY',
      `There are ${named.length} targets and ${axonHotkeys.length} hotkeys for them.`,
    );
  }
  return named.map((text, index) => {
    const target = parseTarget(text);
    const given = axonHotkeys[index] ?? axonHotkeys[0];
    if (given !== undefined) return { ...target, hotkey: addressOf(given, options) };
    const known = isLoopback(target.host) && miners.find(({ port }) => port === target.port);
    if (known) return { ...target, hotkey: known.hotkey };
    throw new Sv72Error(
      'ERR_AXON_HOTKEY',
      `The hotkey of ${text} is not known, and a request is signed for it.`,
      {
        details: { target: text },
      },
    );
  });
}

function configuredTargets({ configured, wallet }: TargetsOptions): ChallengeTarget[] {
  if (configured === undefined) return [];
  const { host, miners } = configured;
  if (miners.some(({ port }) => port === 0)) {
    throw new Sv72Error(
      'ERR_NO_TARGET',
      'The configuration leaves the port open (0), so it names no target.',
      {
        next: 'Use --local to ask the miners that run here.',
      },
    );
  }
  return miners.map(({ hotkey, port }) => ({
    host: reachable(host),
    port,
    hotkey: addressOf(hotkey, { wallet }),
  }));
}

function localTargets(options: TargetsOptions, miners: readonly LocalMiner[]): ChallengeTarget[] {
  if (!options.local) return [];
  const chosen =
    options.named.length > 0 ? [] : options.axonHotkeys.map((given) => addressOf(given, options));
  return miners
    .filter(({ hotkey }) => chosen.length === 0 || chosen.includes(hotkey))
    .map(({ host, port, hotkey }) => ({ host: reachable(host), port, hotkey }));
}

function addressOf(given: string, { wallet }: Pick<TargetsOptions, 'wallet'>): string {
  if (isSs58(given)) return given;
  return loadPublicKey({ root: wallet.root, wallet: wallet.name, hotkey: given }).ss58;
}

/** Listening on all addresses includes this machine's own. */
function reachable(host: string): string {
  return host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function distinct(targets: readonly ChallengeTarget[]): ChallengeTarget[] {
  const byName = new Map(
    targets.map((target) => [`${hostPort(target.host, target.port)} ${target.hotkey}`, target]),
  );
  return [...byName.values()];
}
