import type { Loaded } from './load.ts';
import type { ProfileName, SeatSettings, Settings } from './schema/index.ts';

/** A hotkey of the settings, and how it is served. */
export interface ConfiguredMiner {
  /** Name of the hotkey in the wallet. */
  readonly hotkey: string;
  readonly profile: ProfileName;
  /** Its own model bundle, as it is written; null: the profile's. */
  readonly bundle: string | null;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Port to announce; null: the one listened on. */
  readonly externalPort: number | null;
}

/** What `serve --all` runs: the entries of `miners`, in their order. */
export function listedMiners(settings: Settings): ConfiguredMiner[] {
  return settings.miners.map((seat, index) => minerOf(settings, seat, index));
}

/** What `serve` runs: the hotkeys of the wallet with the profile in use, each on the next port. */
export function plainMiners(settings: Settings): ConfiguredMiner[] {
  const { wallet, profile } = settings;
  return wallet.hotkeys.map((hotkey, index) => minerOf(settings, { hotkey, profile }, index));
}

/** The miners that a command looks at. */
export interface MinersInView {
  readonly miners: readonly ConfiguredMiner[];
  /** Whether they are those of `miners`, or some of them. */
  readonly listed: boolean;
}

/**
 * The miners of this machine, for commands that look at them rather than run them: those that `miners` lists; of these
 * only the ones that --hotkey (or its variable of ours) names. Where none is listed, or a flag says how one is to be
 * served, which `serve --all` takes none of: those of `serve`.
 */
export function minersInView({ settings, origins }: Pick<Loaded, 'settings' | 'origins'>): MinersInView {
  const plain = plainMiners(settings);
  const listed = listedMiners(settings);
  if (listed.length === 0 || saysHow(origins)) return { miners: plain, listed: false };
  const chosen = origins.get('wallet.hotkeys');
  // What btcli is told says nothing of our miners.
  const named =
    chosen?.from === 'flag' || (chosen?.from === 'environment' && chosen.name.startsWith('SV72_'));
  if (!named) return { miners: listed, listed: true };
  const miners = plain.map((one) => listed.find(({ hotkey }) => hotkey === one.hotkey) ?? one);
  return { miners, listed: miners.some((one) => listed.includes(one)) };
}

/**
 * The hotkeys that a command may mean which works with one: those that `miners` lists where none is said for the wallet,
 * else the wallet's.
 */
export function hotkeysMeant({ settings, origins }: Pick<Loaded, 'settings' | 'origins'>): {
  readonly hotkeys: readonly string[];
  readonly listed: boolean;
} {
  const { from } = origins.get('wallet.hotkeys') ?? { from: 'default' };
  // What other programs were told says nothing of our miners.
  const said = from === 'flag' || from === 'environment' || from === 'file';
  if (said || settings.miners.length === 0) return { hotkeys: settings.wallet.hotkeys, listed: false };
  return { hotkeys: settings.miners.map(({ hotkey }) => hotkey), listed: true };
}

/** Port that validators are told; undefined: it is another with each start. */
export function announcedPort({
  port,
  externalPort,
}: Pick<ConfiguredMiner, 'port' | 'externalPort'>): number | undefined {
  return (externalPort ?? port) || undefined;
}

/** The settings as if there were only this miner. */
export function settingsOfMiner(
  settings: Settings,
  { profile, bundle }: Pick<ConfiguredMiner, 'profile' | 'bundle'>,
): Settings {
  if (bundle === null) return { ...settings, profile };
  const own = { ...settings.profiles[profile], bundle };
  return { ...settings, profile, profiles: { ...settings.profiles, [profile]: own } };
}

function saysHow(origins: Loaded['origins']): boolean {
  return [...origins].some(
    ([key, { from }]) =>
      from === 'flag' && (/^(profile|axon\.port|axon\.external_port)$/.test(key) || /^profiles\./.test(key)),
  );
}

function minerOf(
  { axon }: Settings,
  seat: Pick<SeatSettings, 'hotkey' | 'profile'> & Partial<SeatSettings>,
  index: number,
): ConfiguredMiner {
  const { hotkey, profile, bundle = null, port = null, external_port = null } = seat;
  return {
    hotkey,
    profile,
    bundle,
    port: port ?? (axon.port === 0 ? 0 : axon.port + index),
    externalPort:
      external_port ?? (axon.external_port === null || port !== null ? null : axon.external_port + index),
  };
}
