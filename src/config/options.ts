/** One setting's other names: the flags and variables of sv72, of both generations of btcli, and of the official miner. */
export interface OptionNames {
  /** The long flag, without dashes. */
  readonly flag: string;
  readonly char?: string;
  readonly aliases?: readonly string[];
  /** Environment variables beside the setting's own SV72_ one, first wins. */
  readonly env?: readonly string[];
  /** Key in btcli 9's config.yml. */
  readonly btcli9?: string;
  /** Key in btcli 11's btcli.json. */
  readonly btcli11?: string;
  /** Variable in the official miner's miner.env. */
  readonly minerEnv?: readonly string[];
  readonly summary: string;
}

/**
 * The only place that knows how settings are called elsewhere.
 * Keys are paths in the schema; `profiles.*` stands for the profile in use.
 */
export const OPTIONS = {
  'wallet.name': {
    flag: 'wallet-name',
    char: 'w',
    aliases: ['wallet.name', 'wallet', 'wallet_name', 'name'],
    env: ['BT_WALLET', 'BT_WALLET_NAME'],
    btcli9: 'wallet_name',
    btcli11: 'wallet',
    minerEnv: ['WALLET_NAME'],
    summary: 'wallet (coldkey) to use',
  },
  'wallet.hotkeys': {
    flag: 'hotkey',
    char: 'H',
    aliases: ['wallet-hotkey', 'wallet.hotkey', 'wallet_hotkey'],
    env: ['BT_WALLET_HOTKEY'],
    btcli9: 'wallet_hotkey',
    btcli11: 'wallet_hotkey',
    minerEnv: ['WALLET_HOTKEY'],
    summary: 'hotkey of the wallet to use',
  },
  'wallet.path': {
    flag: 'wallet-path',
    char: 'p',
    aliases: ['wallet.path', 'wallet_path'],
    env: ['BT_WALLET_PATH'],
    btcli9: 'wallet_path',
    btcli11: 'wallet_path',
    summary: 'folder that holds the wallets',
  },
  network: {
    flag: 'network',
    char: 'n',
    aliases: ['subtensor.network', 'subtensor.chain_endpoint', 'chain'],
    env: ['BT_NETWORK', 'BT_SUBTENSOR_NETWORK', 'BT_SUBTENSOR_CHAIN_ENDPOINT'],
    btcli9: 'network',
    btcli11: 'network',
    minerEnv: ['SUBTENSOR_CHAIN_ENDPOINT', 'SUBTENSOR_NETWORK'],
    summary: 'finney, test, local, archive, devnet, or a ws(s) URL',
  },
  netuid: {
    flag: 'netuid',
    env: ['BT_NETUID'],
    minerEnv: ['NETUID'],
    summary: 'subnet (72 on finney, 323 on test)',
  },
  'chain.fallback_endpoints': {
    flag: 'fallback-endpoints',
    env: ['BT_FALLBACK_ENDPOINTS'],
    btcli11: 'fallback_endpoints',
    summary: 'further endpoints of the same chain, with commas; auto: the network’s own, none: no fail-over',
  },
  'chain.timeout_s': {
    flag: 'chain-timeout',
    summary: 'seconds to wait for an answer of the chain’s endpoint',
  },
  'axon.host': { flag: 'host', aliases: ['axon.ip'], env: ['BT_AXON_IP'], summary: 'address to listen on' },
  'axon.port': {
    flag: 'port',
    aliases: ['axon.port'],
    env: ['BT_AXON_PORT'],
    minerEnv: ['MINER_AXON_PORT'],
    summary: 'port of the first hotkey; 0 takes a free port',
  },
  'axon.external_ip': {
    flag: 'external-ip',
    aliases: ['axon.external_ip'],
    env: ['BT_AXON_EXTERNAL_IP'],
    summary: 'address to announce',
  },
  'axon.external_port': {
    flag: 'external-port',
    aliases: ['axon.external_port'],
    env: ['BT_AXON_EXTERNAL_PORT'],
    summary: 'port to announce',
  },
  'axon.announce': { flag: 'announce', summary: 'announce the address on the chain' },
  'axon.prometheus_port': {
    flag: 'prometheus-port',
    summary: 'port of a Prometheus endpoint to announce as well',
  },
  'callers.file': { flag: 'allow-file', summary: 'file of hotkeys that may ask' },
  'callers.allow_any': { flag: 'allow-any', summary: 'answer every hotkey that signs (local use only)' },
  'callers.validators': {
    flag: 'allow-validators',
    summary: 'answer the subnet’s validators, as the chain lists them',
  },
  'callers.require_permit': {
    flag: 'require-permit',
    minerEnv: ['BLACKLIST_FORCE_VALIDATOR_PERMIT'],
    summary: 'answer only hotkeys of the subnet that have a validator permit',
  },
  'callers.min_stake': { flag: 'min-stake', summary: 'least stake of a validator to be answered, in TAO' },
  'metrics.enabled': { flag: 'metrics', summary: 'serve health and metrics' },
  'metrics.port': { flag: 'metrics-port', summary: 'port of health and metrics; 0 takes a free port' },
  'store.path': { flag: 'store', summary: 'SQLite file of what was asked and answered' },
  'store.keep_images': { flag: 'keep-images', summary: 'keep the pictures too' },
  'hub.repo': {
    flag: 'repo',
    minerEnv: ['MODEL_URL'],
    summary: 'model repository on the Hub: owner/name',
  },
  'hub.url': { flag: 'hub-url', env: ['HF_ENDPOINT'], summary: 'the Hub, when it is not the public one' },
  profile: { flag: 'profile', summary: 'speed, accuracy or video' },
  'profiles.*.bundle': { flag: 'bundle', summary: 'model bundle: a directory, or "demo"' },
  'profiles.*.engine': {
    flag: 'engine',
    summary: 'where the model runs: onnx (embedded), oip or openai (a server)',
  },
  'profiles.*.clip_frames': { flag: 'frames', summary: 'frames of a clip that are looked at' },
  'profiles.*.server.url': { flag: 'server-url', summary: 'base URL of the inference server' },
  'profiles.*.server.model': { flag: 'server-model', summary: 'name of the model on that server' },
  'profiles.*.device': {
    flag: 'device',
    minerEnv: ['IMAGE_DETECTOR_DEVICE'],
    summary: 'auto, cpu, cuda or tensorrt',
  },
  'profiles.*.precision': { flag: 'precision', summary: 'auto, fp32, fp16 or int8' },
  'profiles.*.variant': {
    flag: 'variant',
    summary: 'which of the bundle’s models to run, as `bundle variants` names them; auto: by device and gate',
  },
  'profiles.*.threads': { flag: 'threads', summary: 'threads of one inference, or auto' },
  'profiles.*.prior': { flag: 'prior', summary: 'probability answered when there is no picture or no time' },
} as const satisfies Record<string, OptionNames>;

export type OptionKey = keyof typeof OPTIONS;

/** Key of the option whose long flag is `flag`, undefined when it is no setting. */
export function optionOfFlag(flag: string): OptionKey | undefined {
  return (Object.keys(OPTIONS) as OptionKey[]).find((key) => OPTIONS[key].flag === flag);
}

/** The setting's own variable: SV72_WALLET_NAME for wallet.name, SV72_DEVICE for the device of the profile in use. */
export function ownVariable(key: string): string {
  return `SV72_${key
    .replace(/^profiles\.\*\./, '')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}
