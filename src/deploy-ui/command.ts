import { expandHome, ourSurroundings } from '../config/index.ts';
import { askControl } from '../control/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { findLocalMiners, type LocalMiner } from '../miner/index.ts';
import type { ResultOf } from '../results/index.ts';
import { Sv72Command } from '../ui/index.ts';
import { isSs58, listWallet, loadPublicKey } from '../wallet/index.ts';
import { statusLines } from './render.ts';

type Status = ResultOf<'deploy status'>;

/** What the commands share that change the models of a running miner. */
export abstract class DeployCommand extends Sv72Command {
  /**
   * Gives the miner an order, shows how it goes, and prints which models there are afterwards.
   *
   * @param miner name or address of one of its hotkeys; needed where several miners run
   * @throws Sv72Error ERR_NO_MINER, ERR_MANY_MINERS, ERR_CONTROL_LOST, and the miner's own refusals
   */
  protected async order(
    miner: string | undefined,
    what: string,
    details: () =>
      | Promise<Readonly<Record<string, unknown>>>
      | Readonly<Record<string, unknown>> = () => ({}),
  ): Promise<Status> {
    const path = await this.controlOf(miner);
    const result = await this.progress('Asking the miner', async (status) =>
      askControl(path, { do: what, with: await details() }, status),
    );
    const { RESULTS } = await import('../results/index.ts');
    const now = RESULTS['deploy status'].parse(result);
    for (const line of statusLines(now)) this.say(line);
    return now;
  }

  /**
   * Address of a hotkey that is named by it, or by its name in the wallet of the settings.
   *
   * @throws Sv72Error ERR_WALLET_NOT_FOUND with the names that there are
   */
  protected async addressOf(miner: string): Promise<string> {
    if (isSs58(miner)) return miner;
    return loadPublicKey({ ...(await this.wallet()), hotkey: miner }).ss58;
  }

  private async wallet(): Promise<{ root: string; wallet: string }> {
    const { wallet } = (await this.settings()).settings;
    return { root: expandHome(wallet.path, ourSurroundings().home), wallet: wallet.name };
  }

  private async controlOf(miner: string | undefined): Promise<string> {
    const hotkey = miner === undefined ? undefined : await this.addressOf(miner);
    const miners = await findLocalMiners();
    const wanted = hotkey === undefined ? miners : miners.filter((one) => one.hotkey === hotkey);
    const [first] = wanted;
    if (first === undefined) {
      const which = hotkey === undefined ? 'No miner' : `No miner of ${miner}`;
      throw new Sv72Error('ERR_NO_MINER', `${which} of this user runs on this machine.`);
    }
    // Hotkeys of one process that answer with the same models take orders at the same place.
    if (wanted.some(({ pid, control }) => pid !== first.pid || control !== first.control)) {
      throw new Sv72Error('ERR_MANY_MINERS', `Several miners run here: ${await this.namesOf(wanted)}.`);
    }
    if (first.control === null) {
      throw new Sv72Error(
        'ERR_CONTROL',
        `The miner (process ${first.pid}) takes no orders; its log says why.`,
      );
    }
    return first.control;
  }

  private async namesOf(miners: readonly LocalMiner[]): Promise<string> {
    const { root, wallet } = await this.wallet();
    const known = listWallet(root, wallet)?.hotkeys ?? [];
    return miners
      .map(({ hotkey }) => {
        const name = known.find(({ ss58 }) => ss58 === hotkey)?.name;
        return name === undefined ? hotkey : `${name} (${hotkey})`;
      })
      .join(', ');
  }
}
