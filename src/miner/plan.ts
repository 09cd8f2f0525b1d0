import type { NetworkInterfaceInfo } from 'node:os';
import { join, resolve } from 'node:path';
import {
  cacheFolder,
  dataFolder,
  effectiveNetuid,
  expandHome,
  resolveNetwork,
  type Settings,
  type Surroundings,
  storeFile,
} from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import {
  type AnnouncedAddress,
  announcedAddress,
  type ChainAccess,
  type PermitRules,
  stakeOfSetting,
} from '../presence/index.ts';
import { pointerFile } from './live-bundle.ts';
import { type ProfilePlan, planProfile } from './profile-plan.ts';

export interface PlanOptions {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Folder of sv72's package.json. */
  readonly packageRoot: string;
  /** Run without any chain. */
  readonly offline: boolean;
  /** Serve the demonstration model where TAO is at stake. */
  readonly allowDemoModel: boolean;
  /** Announce an address that cannot be reached from everywhere, too. */
  readonly forceAnnounce?: boolean;
  /** This machine's, where left out. */
  readonly interfaces?: NodeJS.Dict<NetworkInterfaceInfo[]>;
}

/** What is told to the chain about each axon. */
interface AnnouncePlan {
  readonly address: AnnouncedAddress;
  readonly prometheusPort: number | null;
}

/** What is done with the chain. */
export interface ChainPlan {
  readonly access: ChainAccess;
  readonly refreshMs: number;
  readonly rules: PermitRules;
  /** Folder for the last list of validators. */
  readonly folder: string;
  /** null: nothing is announced. */
  readonly announce: AnnouncePlan | null;
}

/** What `serve` will do, decided before anything is opened. */
export interface ServePlan extends ProfilePlan {
  readonly profileName: string;
  /** Of the first stage. */
  readonly bundleDir: string;
  /** `offline`, or the network's name. */
  readonly network: string;
  readonly netuid: number;
  readonly mayServeDemo: boolean;
  /** Everybody who signs; else those of the file and the subnet's validators, as far as given. */
  readonly callers: { readonly any: boolean; readonly file: string | null; readonly validators: boolean };
  /** null: offline. */
  readonly chain: ChainPlan | null;
  readonly walletRoot: string;
  readonly storePath: string;
  readonly imageFolder: string | null;
  /** The file that remembers which model was promoted, for a miner of these hotkeys (SS58). */
  readonly pointerFileOf: (hotkeys: readonly string[]) => string;
  readonly warnings: readonly string[];
}

/**
 * Turns settings into a plan.
 *
 * @throws ERR_NO_CALLERS when nobody would be allowed to ask, ERR_EXTERNAL_IP and
 *   ERR_ANNOUNCE_ADDRESS when there is nothing good to announce.
 */
export function planServe(options: PlanOptions): ServePlan {
  const { settings, surroundings, offline } = options;
  const profile = settings.profiles[settings.profile];
  const network = resolveNetwork(settings.network);
  const live = !offline && network?.live !== false;
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  const data = dataFolder(surroundings);
  const warnings = warningsOf(settings, live);
  const { stages, cascade, unused } = planProfile(options);
  warnings.push(...unused);
  return {
    profile,
    profileName: settings.profile,
    bundleDir: stages[0]?.bundleDir ?? '',
    stages,
    cascade,
    unused,
    network: offline ? 'offline' : (network?.name ?? settings.network),
    netuid: effectiveNetuid(settings),
    mayServeDemo: !live || options.allowDemoModel,
    callers: callersOf(settings, offline, path),
    chain: offline ? null : chainOf(options, live, warnings),
    walletRoot: path(settings.wallet.path),
    storePath: storeFile(settings, surroundings),
    imageFolder: settings.store.keep_images ? resolve(data, 'images') : null,
    pointerFileOf: ([first = 'none']) => pointerFile(data, first, settings.profile),
    warnings,
  };
}

function callersOf(
  { callers }: Settings,
  offline: boolean,
  path: (given: string) => string,
): ServePlan['callers'] {
  const validators = callers.validators && !offline;
  if (!callers.allow_any && callers.file === null && !validators) {
    throw new Sv72Error(
      'ERR_NO_CALLERS',
      offline
        ? 'Nobody would be allowed to ask: without a chain there is no list of validators.'
        : 'Nobody would be allowed to ask: neither validators nor a file of callers nor everyone.',
    );
  }
  return {
    any: callers.allow_any,
    file: callers.file === null || callers.allow_any ? null : path(callers.file),
    validators,
  };
}

function chainOf(options: PlanOptions, live: boolean, warnings: string[]): ChainPlan {
  const { settings, surroundings } = options;
  const { chain, callers } = settings;
  const fallbacks = chain.fallback_endpoints;
  return {
    access: {
      network: settings.network,
      fallbacks: fallbacks === 'auto' ? undefined : fallbacks === 'none' ? [] : fallbacks,
      timeoutMs: chain.timeout_s * 1_000,
      cacheDir: chain.cache === null ? cacheFolder(surroundings) : expandHome(chain.cache, surroundings.home),
    },
    refreshMs: chain.refresh_s * 1_000,
    rules: {
      requirePermit: callers.require_permit,
      minStake: stakeOfSetting(callers.min_stake),
      maxAgeMs: callers.max_age_h * 3_600_000,
    },
    folder: join(dataFolder(surroundings), 'presence'),
    announce: announceOf(options, live, warnings),
  };
}

function announceOf(options: PlanOptions, live: boolean, warnings: string[]): AnnouncePlan | null {
  const { axon } = options.settings;
  if (!axon.announce) {
    warnings.push('The axon is not announced on the chain (--no-announce).');
    return null;
  }
  try {
    const address = announcedAddress({
      externalIp: axon.external_ip,
      host: axon.host,
      force: options.forceAnnounce ?? false,
      ...(options.interfaces && { interfaces: options.interfaces }),
    });
    if (address.range !== 'public') {
      warnings.push(`${address.text} is announced although not everyone can reach it (--force-announce).`);
    }
    return { address, prometheusPort: axon.prometheus_port };
  } catch (error) {
    // On a chain of this machine there is nobody to be reached by.
    if (live || !(error instanceof Sv72Error) || error.code !== 'ERR_EXTERNAL_IP') throw error;
    warnings.push(`The axon is not announced on the chain: ${error.message}`);
    return null;
  }
}

function warningsOf(settings: Settings, live: boolean): string[] {
  const warnings: string[] = [];
  if (settings.callers.allow_any && live) {
    warnings.push('Everyone who signs is answered (--allow-any) on a live network.');
  }
  if (settings.callers.allow_any && settings.callers.file !== null) {
    warnings.push('The list of callers is not used, because everyone is allowed (--allow-any).');
  }
  if (settings.profiles[settings.profile].modality === 'video') {
    warnings.push(
      "Today's validators send no clips: pictures are answered as by any profile, and clips on the door of btauth/1.",
    );
  }
  return warnings;
}
