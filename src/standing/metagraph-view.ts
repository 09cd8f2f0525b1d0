import { alphaJson, formatAlpha, formatTao, taoJson } from '../amount/index.ts';
import {
  axonText,
  decodeIp,
  immunityLeft,
  type Metagraph,
  type Neuron,
  type PruningInput,
  pruningOrder,
} from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';

/** A neuron with what is computed about it. */
export interface NeuronRow extends Neuron {
  readonly role: 'miner' | 'validator' | 'owner';
  readonly immuneFor: number;
  /** 1 is the next to be pushed out; undefined: out of reach. */
  readonly place: number | undefined;
}

type Cell = string | number | bigint | boolean | undefined;

interface ColumnOf {
  /** Numbers are on the right. */
  readonly align?: 'left' | 'right';
  /** For sorting and filtering. */
  readonly value: (row: NeuronRow) => Cell;
  /** For people; the value itself when left out. */
  readonly text?: (row: NeuronRow, netuid: number) => string;
}

const share = (pick: (row: NeuronRow) => number): ColumnOf => ({
  align: 'right',
  value: pick,
  text: (row) => (pick(row) === 0 ? '0' : pick(row).toFixed(5)),
});

/** Columns of the metagraph, by the names that --columns, --sort and --filter take. */
export const METAGRAPH_COLUMNS = {
  uid: { align: 'right', value: (row) => row.uid },
  hotkey: { value: (row) => row.hotkey },
  coldkey: { value: (row) => row.coldkey },
  name: { value: (row) => row.name },
  role: { value: (row) => row.role },
  stake: { align: 'right', value: (row) => row.stake, text: (row) => rounded(formatTao(row.stake)) },
  alpha: {
    align: 'right',
    value: (row) => row.alphaStake,
    text: (row, netuid) => rounded(formatAlpha(row.alphaStake, netuid)),
  },
  tao: { align: 'right', value: (row) => row.taoStake, text: (row) => rounded(formatTao(row.taoStake)) },
  incentive: share((row) => row.incentive),
  dividends: share((row) => row.dividends),
  consensus: share((row) => row.consensus),
  emission: {
    align: 'right',
    value: (row) => row.emission,
    text: (row, netuid) => formatAlpha(row.emission, netuid),
  },
  permit: { value: (row) => row.validatorPermit },
  active: { value: (row) => row.active },
  updated: { align: 'right', value: (row) => row.lastUpdate },
  registered: { align: 'right', value: (row) => row.registeredAt },
  immune: {
    align: 'right',
    value: (row) => row.immuneFor,
    text: (row) => (row.immuneFor === 0 ? '-' : String(row.immuneFor)),
  },
  place: { align: 'right', value: (row) => row.place },
  axon: { value: (row) => row.axon && axonText(row.axon) },
} as const satisfies Record<string, ColumnOf>;

export type MetagraphColumn = keyof typeof METAGRAPH_COLUMNS;

const DEFAULT_COLUMNS: readonly MetagraphColumn[] = [
  'uid',
  'role',
  'hotkey',
  'stake',
  'incentive',
  'dividends',
  'emission',
  'immune',
  'place',
  'axon',
];

/** Rows of a metagraph, by UID. */
export function neuronRows(graph: Metagraph, pruning: PruningInput): NeuronRow[] {
  const places = new Map(pruningOrder(pruning).map((uid, index) => [uid, index + 1]));
  return graph.neurons.map((neuron) => ({
    ...neuron,
    role: roleOf(neuron, graph),
    immuneFor: immunityLeft(neuron.registeredAt, pruning.block, pruning.immunityPeriod),
    place: places.get(neuron.uid),
  }));
}

/** A permit alone makes no validator: whoever has enough stake gets one. Setting weights, or being paid for it, does. */
function roleOf(neuron: Neuron, graph: Metagraph): NeuronRow['role'] {
  if (neuron.hotkey === graph.ownerHotkey || neuron.coldkey === graph.ownerColdkey) return 'owner';
  const validates = neuron.dividends > 0 || neuron.lastUpdate > neuron.registeredAt;
  return neuron.validatorPermit && validates ? 'validator' : 'miner';
}

/**
 * The columns a text such as `uid,hotkey,axon` names; `all` is all of them.
 * @throws ERR_USAGE for a name that there is not
 */
export function metagraphColumns(text: string | undefined): MetagraphColumn[] {
  if (text === undefined) return [...DEFAULT_COLUMNS];
  if (text.trim() === 'all') return Object.keys(METAGRAPH_COLUMNS).filter(isColumn);
  return text.split(',').map((part) => column(part.trim()));
}

/** What a cell shows. */
export function cellText(name: MetagraphColumn, row: NeuronRow, netuid: number): string {
  const one: ColumnOf = METAGRAPH_COLUMNS[name];
  if (one.text) return one.text(row, netuid);
  const value = one.value(row);
  if (value === undefined) return '-';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** What a cell holds, for CSV: amounts in 10^-9, shares in full, nothing for what is not there. */
export function cellValue(name: MetagraphColumn, row: NeuronRow): string {
  const value: Cell = METAGRAPH_COLUMNS[name].value(row);
  return value === undefined ? '' : String(value);
}

/** Sorts rows by a column, `-stake` downwards. Rows without a value come last. @throws ERR_USAGE */
export function sortRows(rows: readonly NeuronRow[], by: string): NeuronRow[] {
  const down = by.startsWith('-');
  const { value } = METAGRAPH_COLUMNS[column(down ? by.slice(1) : by)] as ColumnOf;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || a.uid - b.uid;
    }
    const order = left < right ? -1 : left > right ? 1 : 0;
    return (down ? -order : order) || a.uid - b.uid;
  });
}

const FILTER = /^([a-z]+)\s*(!=|<=|>=|=|<|>|~)\s*(.*)$/;

/**
 * The rows that satisfy all conditions: `role=miner`, `incentive>0`, `stake>=1000`, `hotkey~5F`, `axon!=-`.
 * Amounts are in TAO or alpha, as shown; `~` is "contains".
 * @throws ERR_USAGE for what is no condition
 */
export function filterRows(rows: readonly NeuronRow[], conditions: readonly string[]): NeuronRow[] {
  const tests = conditions.map(condition);
  return rows.filter((row) => tests.every((test) => test(row)));
}

function condition(text: string): (row: NeuronRow) => boolean {
  const [, name = '', sign = '', wanted = ''] = FILTER.exec(text.trim()) ?? [];
  if (sign === '') {
    throw new Sv72Error('ERR_USAGE', `"${text}" is no condition.`, {
      next: 'Write it such as role=miner, incentive>0 or hotkey~5F.',
    });
  }
  const { value, align }: ColumnOf = METAGRAPH_COLUMNS[column(name)];
  const isNumber = wanted !== '' && !Number.isNaN(Number(wanted));
  if (align === 'right' && sign !== '~' && wanted !== '-' && !isNumber) {
    throw new Sv72Error('ERR_USAGE', `"${wanted}" is no number to compare with.`);
  }
  return (row) => holds(value(row), sign, wanted);
}

function holds(value: Cell, sign: string, wanted: string): boolean {
  const plain =
    value === undefined ? '-' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  if (sign === '~') return plain.toLowerCase().includes(wanted.toLowerCase());
  const number = typeof value === 'bigint' ? Number(value) / 1e9 : value;
  if (typeof number === 'number' && wanted !== '-') {
    return compare(Math.sign(number - Number(wanted)), sign);
  }
  if (sign !== '=' && sign !== '!=')
    return value !== undefined && compare(plain < wanted ? -1 : Number(plain > wanted), sign);
  return (plain.toLowerCase() === wanted.toLowerCase()) === (sign === '=');
}

function compare(order: number, sign: string): boolean {
  return (
    {
      '=': order === 0,
      '!=': order !== 0,
      '<': order < 0,
      '<=': order <= 0,
      '>': order > 0,
      '>=': order >= 0,
    }[sign] ?? false
  );
}

/** A row as JSON. */
export function neuronJson(row: NeuronRow, netuid: number) {
  return {
    uid: row.uid,
    hotkey: row.hotkey,
    coldkey: row.coldkey,
    name: row.name ?? null,
    role: row.role,
    incentive: row.incentive,
    dividends: row.dividends,
    consensus: row.consensus,
    emission: alphaJson(row.emission, netuid),
    stake: taoJson(row.stake),
    alpha_stake: alphaJson(row.alphaStake, netuid),
    tao_stake: taoJson(row.taoStake),
    validator_permit: row.validatorPermit,
    active: row.active,
    last_update: row.lastUpdate,
    registered_at: row.registeredAt,
    immune_for: row.immuneFor,
    pruning_place: row.place ?? null,
    axon: axonJson(row.axon),
  };
}

/** An announced axon as JSON. */
export function axonJson(axon: Neuron['axon']) {
  if (!axon) return null;
  return {
    address: axonText(axon),
    ip: decodeIp(axon.ip, axon.ipType) ?? null,
    port: axon.port,
    block: axon.block,
    version: axon.version,
  };
}

function isColumn(name: string): name is MetagraphColumn {
  return Object.hasOwn(METAGRAPH_COLUMNS, name);
}

function column(name: string): MetagraphColumn {
  if (isColumn(name)) return name;
  throw new Sv72Error('ERR_USAGE', `The metagraph has no column "${name}".`, {
    next: `Columns are ${Object.keys(METAGRAPH_COLUMNS).join(', ')}.`,
  });
}

/** Two decimals are enough where thousands stand. */
function rounded(text: string): string {
  return text.replace(/(\.\d{2})\d+/, '$1');
}
