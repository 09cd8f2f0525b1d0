import { Flags } from '@oclif/core';
import { readPruning, sharedMetagraph } from '../src/chain/index.ts';
import { ChainCommand, type Column, csv, table } from '../src/chain-ui/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import {
  cellText,
  cellValue,
  filterRows,
  METAGRAPH_COLUMNS,
  metagraphColumns,
  type NeuronRow,
  neuronJson,
  neuronRows,
  sortRows,
} from '../src/standing/index.ts';
import { networkFlags, withEnv } from '../src/ui/index.ts';

export default class MetagraphTable extends ChainCommand {
  static override summary =
    'Show the neurons of the subnet: miners and validators, stake, pay, place in the pruning order, axon.';
  static override description =
    `Columns: ${Object.keys(METAGRAPH_COLUMNS).join(', ')}. ` +
    'Conditions of --filter: column, one of = != < <= > >= ~ (contains), value; amounts in TAO or alpha. ' +
    'In CSV, amounts are integer counts of 10^-9.';
  static override examples = [
    '<%= config.bin %> metagraph --sort -incentive',
    '<%= config.bin %> metagraph --miners --filter "incentive>0" --columns uid,hotkey,incentive,axon',
    '<%= config.bin %> metagraph --csv >metagraph.csv',
  ];
  static override flags = {
    ...networkFlags,
    ...withEnv({
      sort: Flags.string({ summary: 'column to sort by; with - before it, downwards', default: 'uid' }),
      filter: Flags.string({
        summary: 'condition that rows must satisfy; may be repeated',
        multiple: true,
        multipleNonGreedy: true,
      }),
      columns: Flags.string({ summary: 'columns to show, with commas, or "all"' }),
      miners: Flags.boolean({ summary: 'miners only', exclusive: ['validators'] }),
      validators: Flags.boolean({ summary: 'validators only' }),
      csv: Flags.boolean({ summary: 'print CSV' }),
    }),
  };

  async run(): Promise<ResultOf<'metagraph'>> {
    const { flags } = await this.parse(MetagraphTable);
    const columns = metagraphColumns(flags.columns);
    const conditions = [
      ...(flags.filter ?? []),
      ...(flags.miners ? ['role=miner'] : []),
      ...(flags.validators ? ['role=validator'] : []),
    ];
    if (flags.csv && this.jsonEnabled()) {
      throw new Sv72Error('ERR_USAGE', '--csv and --json exclude each other.', {
        next: 'Leave one of them out.',
      });
    }
    // What is asked for is wrong or right whatever the chain says.
    sortRows(filterRows([], conditions), flags.sort);
    const { graph, pruning, network } = await this.withChain(async ({ chain, netuid, settings }) => {
      const found = await this.progress('Reading the metagraph', () => sharedMetagraph(chain, netuid));
      if (!found)
        throw new Sv72Error('ERR_NO_SUBNET', `There is no subnet ${netuid} on ${settings.network}.`);
      const { graph, block } = found;
      const pruning = await readPruning(await chain.at(block.hash), netuid, block.number + 1);
      return { graph, pruning, network: settings.network };
    });
    const rows = sortRows(filterRows(neuronRows(graph, pruning), conditions), flags.sort);
    const shown = columns.map(
      (name): Column<NeuronRow> => ({
        name,
        align: 'align' in METAGRAPH_COLUMNS[name] ? 'right' : 'left',
        value: (row) => (flags.csv ? cellValue(name, row) : cellText(name, row, graph.netuid)),
      }),
    );
    for (const line of flags.csv ? csv(shown, rows) : table(shown, rows)) this.say(line);
    if (!flags.csv) {
      this.note(
        `${rows.length} of ${graph.neurons.length} neurons (room for ${graph.maxUids}) at block ${graph.block}.`,
      );
    }
    return {
      network,
      netuid: graph.netuid,
      block: graph.block,
      name: graph.name,
      symbol: graph.symbol,
      max_uids: graph.maxUids,
      neurons: rows.map((row) => neuronJson(row, graph.netuid)),
    };
  }
}
