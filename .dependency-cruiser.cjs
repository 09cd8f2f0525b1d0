/**
 * The arrows of the architecture: commands → joining modules → protocols and engines → wallet, bundle, config → errors.
 * Each module lists what of ours it may import; anything else is an error.
 */
const may = {
  errors: [],
  results: [],
  amount: [],
  natix: ['wallet', 'errors'],
  wallet: ['errors'],
  config: ['errors'],
  bundle: ['errors'],
  wire: [],
  axon: ['wire', 'wallet', 'errors'],
  dendrite: ['wire', 'wallet', 'errors'],
  inference: ['bundle', 'errors'],
  store: ['errors'],
  simulate: ['errors'],
  monitor: ['errors'],
  chain: ['amount', 'wallet', 'config', 'errors'],
  presence: ['amount', 'chain', 'config', 'errors', 'wallet'],
  doctor: [
    'amount',
    'bundle',
    'chain',
    'config',
    'errors',
    'inference',
    'miner',
    'natix',
    'presence',
    'store',
    'wallet',
  ],
  miner: [
    'axon',
    'amount',
    'dendrite',
    'inference',
    'store',
    'monitor',
    'simulate',
    'wallet',
    'bundle',
    'config',
    'chain',
    'presence',
    'errors',
  ],
  jobs: ['config', 'errors'],
  data: ['simulate', 'store', 'bundle', 'inference', 'config', 'errors'],
  evaluate: ['data', 'inference', 'bundle', 'simulate', 'config', 'errors'],
  training: ['jobs', 'data', 'bundle', 'evaluate', 'inference', 'config', 'errors'],
  variants: ['jobs', 'data', 'evaluate', 'inference', 'bundle', 'config', 'errors'],
  'jobs-ui': ['jobs', 'ui', 'config', 'errors', 'results'],
  ui: ['config', 'errors'],
  standing: ['amount', 'bundle', 'chain', 'config', 'errors', 'store'],
  'chain-ui': [
    'amount',
    'chain',
    'config',
    'errors',
    'presence',
    'results',
    'standing',
    'ui',
    'wallet',
    'wallet-ui',
  ],
  'wallet-ui': ['ui', 'wallet', 'config', 'errors'],
};

const arrows = Object.entries(may).map(([name, targets]) => ({
  name: `src/${name} imports only ${targets.length > 0 ? targets.join(', ') : 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: {
    path: '^(src|commands|bench|scripts|test)/',
    pathNot: [`^src/${name}/`, ...targets.map((t) => `^src/${t}/index\\.ts$`)],
  },
}));

const heavy = (pattern, allowed) => ({
  name: `${pattern} only in ${allowed}`,
  severity: 'error',
  from: { pathNot: [allowed, '^test/', '^bench/', '^scripts/'] },
  to: { path: `node_modules/${pattern}` },
});

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'a folder of src is entered by its index.ts',
      severity: 'error',
      from: { path: '^commands/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/[^/]+/index\\.ts$'] },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src never imports commands',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^commands/' },
    },
    {
      name: 'ui is for commands',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/((wallet|chain|jobs)-)?ui/' },
      to: { path: '^src/ui/' },
    },
    heavy('@polkadot/', '^src/chain/'),
    heavy('onnxruntime-node', '^src/inference/'),
    heavy('sharp', '^src/(inference|simulate|data)/'),
    heavy('@oclif/', '^(commands/|src/((wallet|chain|jobs)-)?ui/)'),
    {
      name: 'every src folder has its arrows declared',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(may).map((n) => `^src/${n}/`) },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
