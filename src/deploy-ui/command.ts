import { askControl } from '../control/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { findLocalMiners } from '../miner/index.ts';
import type { ResultOf } from '../results/index.ts';
import { Sv72Command } from '../ui/index.ts';
import { statusLines } from './render.ts';

type Status = ResultOf<'deploy status'>;

/** What the commands share that change the models of a running miner. */
export abstract class DeployCommand extends Sv72Command {
  /**
   * Gives the miner an order, shows how it goes, and prints which models there are afterwards.
   *
   * @param hotkey address of one of its hotkeys; needed where several miners run
   * @throws Sv72Error ERR_NO_MINER, ERR_MANY_MINERS, ERR_CONTROL_LOST, and the miner's own refusals
   */
  protected async order(
    hotkey: string | undefined,
    what: string,
    details: () =>
      | Promise<Readonly<Record<string, unknown>>>
      | Readonly<Record<string, unknown>> = () => ({}),
  ): Promise<Status> {
    const path = await controlOf(hotkey);
    const result = await this.progress('Asking the miner', async (status) =>
      askControl(path, { do: what, with: await details() }, status),
    );
    const { RESULTS } = await import('../results/index.ts');
    const now = RESULTS['deploy status'].parse(result);
    for (const line of statusLines(now)) this.say(line);
    return now;
  }
}

async function controlOf(hotkey: string | undefined): Promise<string> {
  const miners = await findLocalMiners();
  const wanted = hotkey === undefined ? miners : miners.filter((miner) => miner.hotkey === hotkey);
  const [first, ...others] = wanted;
  if (first === undefined) {
    const which = hotkey === undefined ? 'No miner' : `No miner of ${hotkey}`;
    throw new Sv72Error('ERR_NO_MINER', `${which} of this user runs on this machine.`);
  }
  if (others.some(({ pid }) => pid !== first.pid)) {
    throw new Sv72Error(
      'ERR_MANY_MINERS',
      `Several miners run here: ${wanted.map(({ hotkey: address }) => address).join(', ')}.`,
    );
  }
  if (first.control === null) {
    throw new Sv72Error('ERR_CONTROL', `The miner (process ${first.pid}) takes no orders; its log says why.`);
  }
  return first.control;
}
