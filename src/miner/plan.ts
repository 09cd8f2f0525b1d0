import { resolve } from 'node:path';
import {
  dataFolder,
  effectiveNetuid,
  expandHome,
  type ProfileSettings,
  resolveNetwork,
  type Settings,
  type Surroundings,
} from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { demoBundle } from './package-files.ts';

export interface PlanOptions {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Folder of sv72's package.json. */
  readonly packageRoot: string;
  /** Run without any chain. */
  readonly offline: boolean;
  /** Serve the demonstration model where TAO is at stake. */
  readonly allowDemoModel: boolean;
}

/** What `serve` will do, decided before anything is opened. */
export interface ServePlan {
  readonly profile: ProfileSettings;
  readonly profileName: string;
  readonly bundleDir: string;
  /** `offline`, or the network's name. */
  readonly network: string;
  readonly netuid: number;
  readonly mayServeDemo: boolean;
  readonly callers: { readonly kind: 'any' } | { readonly kind: 'file'; readonly path: string };
  readonly walletRoot: string;
  readonly storePath: string;
  readonly imageFolder: string | null;
  readonly warnings: readonly string[];
}

/**
 * Turns settings into a plan, refusing what this version cannot do.
 *
 * @throws ERR_NOT_YET for profiles and engines to come, ERR_NO_CALLERS when nobody would be allowed to ask.
 */
export function planServe(options: PlanOptions): ServePlan {
  const { settings, surroundings, offline } = options;
  const profile = settings.profiles[settings.profile];
  refuseUnknownEngines(settings.profile, profile);
  const network = resolveNetwork(settings.network);
  const live = !offline && network?.live !== false;
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  const data = dataFolder(surroundings);
  return {
    profile,
    profileName: settings.profile,
    bundleDir: profile.bundle === 'demo' ? demoBundle(options.packageRoot) : path(profile.bundle),
    network: offline ? 'offline' : (network?.name ?? settings.network),
    netuid: effectiveNetuid(settings),
    mayServeDemo: !live || options.allowDemoModel,
    callers: callersOf(settings, offline, path),
    walletRoot: path(settings.wallet.path),
    storePath: settings.store.path === null ? resolve(data, 'sv72.db') : path(settings.store.path),
    imageFolder: settings.store.keep_images ? resolve(data, 'images') : null,
    warnings: warningsOf(settings, offline, live),
  };
}

function refuseUnknownEngines(name: string, profile: ProfileSettings): void {
  if (profile.modality === 'video') {
    throw new Sv72Error(
      'ERR_NOT_YET',
      `The profile ${name} is for video, which this version cannot answer.`,
      {
        next: "Use --profile speed or accuracy; today's validators send images only.",
      },
    );
  }
  if (profile.engine !== 'onnx') {
    throw new Sv72Error(
      'ERR_NOT_YET',
      `The profile ${name} names the engine ${profile.engine}, which this version cannot use.`,
      { next: 'Set the engine of the profile to onnx.' },
    );
  }
}

function callersOf(
  settings: Settings,
  offline: boolean,
  path: (given: string) => string,
): ServePlan['callers'] {
  if (settings.callers.allow_any) return { kind: 'any' };
  if (settings.callers.file !== null) return { kind: 'file', path: path(settings.callers.file) };
  throw new Sv72Error(
    'ERR_NO_CALLERS',
    offline
      ? 'Nobody would be allowed to ask: without a chain there is no list of validators.'
      : 'This version cannot read the list of validators from the chain yet, so nobody would be allowed to ask.',
  );
}

function warningsOf(settings: Settings, offline: boolean, live: boolean): string[] {
  const warnings: string[] = [];
  if (!offline) {
    warnings.push('The axon is not announced on the chain: this version cannot do that yet.');
  }
  if (settings.callers.allow_any && live) {
    warnings.push('Everyone who signs is answered (--allow-any) on a live network.');
  }
  if (settings.callers.allow_any && settings.callers.file !== null) {
    warnings.push('The list of callers is not used, because everyone is allowed (--allow-any).');
  }
  return warnings;
}
