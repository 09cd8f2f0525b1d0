import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { type At, ChainCommand, watchFlags } from '../src/chain-ui/index.ts';
import { expandHome, ourSurroundings, type Settings, storeFile } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { demoBundle } from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { modelAge, type OwnHotkey, readStatus, statusJson, statusLines } from '../src/standing/index.ts';
import { openStoreReader } from '../src/store/index.ts';
import { networkFlags, settingFlag, settingListFlag, walletFlags, withEnv } from '../src/ui/index.ts';
import { keyPaths, listWallet, listWallets, missingKey } from '../src/wallet/index.ts';

export default class StatusNow extends ChainCommand {
  static override summary =
    'Show where your hotkeys stand: pay, place in the pruning order, stake, axon, challenges, model.';
  static override description =
    'Whether the subnet pays comes first. Challenges are those that `serve` has stored on this machine.';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --all --watch',
    '<%= config.bin %> status -w miner1 -H hk1 -H hk2 --json',
  ];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    bundle: settingFlag('profiles.*.bundle'),
    store: settingFlag('store.path'),
    ...watchFlags,
    ...withEnv({
      all: Flags.boolean({ char: 'a', summary: 'all hotkeys of all wallets of the folder' }),
    }),
  };

  async run(): Promise<ResultOf<'status'>> {
    const { flags } = await this.parse(StatusNow);
    const root = await this.root();
    // Names that there are not are said before anything is connected to; they are looked for again with each look.
    if (!flags.all) chosenHotkeys(root, (await this.settings()).settings);
    return await this.withChain(async (at) => {
      const look = async () => await this.look(at, root, flags.all);
      let status = await this.progress('Reading the chain', look);
      for (const line of statusLines(status)) this.say(line);
      const result = () => statusJson(status, at.settings.network);
      if (flags.watch) {
        this.tellLook(result());
        for await (const _ of this.watching(at.chain, flags.every)) {
          const next = await this.orMissed(look);
          if (!next) continue;
          status = next;
          this.say(process.stdout.isTTY ? '\u001b[2J\u001b[H' : '');
          for (const line of statusLines(status)) this.say(line);
          this.tellLook(result());
        }
      }
      return result();
    });
  }

  private async look({ chain, netuid, settings, archive }: At, root: string, all: boolean) {
    const at = ourSurroundings();
    const path = (given: string) => resolve(at.cwd, expandHome(given, at.home));
    const store = openStoreReader(storeFile(settings, at));
    const { bundle } = settings.profiles[settings.profile];
    try {
      return await readStatus({
        chain,
        netuid,
        hotkeys: all ? everyHotkey(root) : chosenHotkeys(root, settings),
        store,
        model: modelAge(bundle === 'demo' ? demoBundle(this.config.root) : path(bundle)),
        archive,
      });
    } finally {
      store?.close();
    }
  }
}

function everyHotkey(root: string): OwnHotkey[] {
  return listWallets(root).flatMap(({ name: wallet, hotkeys }) =>
    hotkeys.map(({ name, ss58 }) => ({ wallet, name, ss58 })),
  );
}

/** @throws ERR_WALLET_NOT_FOUND when not one of them is there, with the names of those that are */
function chosenHotkeys(root: string, { wallet, axon }: Settings): OwnHotkey[] {
  const found = listWallet(root, wallet.name)?.hotkeys ?? [];
  const [first] = wallet.hotkeys;
  if (first !== undefined && !wallet.hotkeys.some((name) => found.some((have) => have.name === name))) {
    const location = { root, wallet: wallet.name, hotkey: first };
    const { code, message, next, details } = missingKey(location, keyPaths(location).privateFile);
    const all = listWallets(root).length > 0;
    throw new Sv72Error(code, message, {
      next: all ? `${next} --all shows the hotkeys of all wallets.` : next,
      details,
    });
  }
  return wallet.hotkeys.map((name, index) => ({
    wallet: wallet.name,
    name,
    ss58: found.find((hotkey) => hotkey.name === name)?.ss58,
    expected: {
      ip: axon.external_ip ?? undefined,
      port: (axon.external_port ?? axon.port) === 0 ? 0 : (axon.external_port ?? axon.port) + index,
    },
  }));
}
