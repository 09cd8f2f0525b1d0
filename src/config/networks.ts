/** Networks known by name: endpoint, the netuid StreetVision has there, and whether real TAO is at stake. */
export const NETWORKS = {
  finney: { endpoint: 'wss://entrypoint-finney.opentensor.ai:443', netuid: 72, live: true },
  test: { endpoint: 'wss://test.finney.opentensor.ai:443', netuid: 323, live: true },
  archive: { endpoint: 'wss://archive.chain.opentensor.ai:443', netuid: 72, live: true },
  devnet: { endpoint: 'wss://dev.chain.opentensor.ai:443', netuid: 72, live: true },
  local: { endpoint: 'ws://127.0.0.1:9944', netuid: 72, live: false },
} as const;

type NetworkName = keyof typeof NETWORKS;

/** Network names that older tools wrote, and what they mean today. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  mainnet: 'finney',
  testnet: 'test',
  'latent-lite': 'wss://lite.sub.latent.to:443',
};

export interface Network {
  /** The name, or the URL when it has none. */
  readonly name: string;
  readonly endpoint: string;
  /** The netuid of StreetVision on it. */
  readonly netuid: number;
  /** False only for a chain on this machine, where nothing is at stake. */
  readonly live: boolean;
}

/**
 * Resolves a network name or a ws(s) URL.
 * @returns undefined when it is neither.
 */
export function resolveNetwork(nameOrUrl: string): Network | undefined {
  const value = OLD_NAMES[nameOrUrl] ?? nameOrUrl;
  if (isNetworkName(value)) return { name: value, ...NETWORKS[value] };
  const known = Object.entries(NETWORKS).find(([, network]) => network.endpoint === value);
  if (known) return { name: known[0], ...known[1] };
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') return undefined;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return { name: value, endpoint: value, netuid: 72, live: !loopback };
}

/** The subnet: as configured, else StreetVision's own on that network. */
export function effectiveNetuid(settings: {
  readonly netuid: number | null;
  readonly network: string;
}): number {
  return settings.netuid ?? resolveNetwork(settings.network)?.netuid ?? NETWORKS.finney.netuid;
}

function isNetworkName(value: string): value is NetworkName {
  return Object.hasOwn(NETWORKS, value);
}
