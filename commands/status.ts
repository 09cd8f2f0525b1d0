import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { type At, ChainCommand, watchFlags } from '../src/chain-ui/index.ts';
import {
  announcedPort,
  type ConfiguredMiner,
  expandHome,
  type Loaded,
  minersInView,
  ourSurroundings,
  profileBundle,
  settingsOfMiner,
  storeFile,
} from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { demoBundle } from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import {
  type ModelAge,
  modelAge,
  type OwnHotkey,
  readStatus,
  statusJson,
  statusLines,
} from '../src/standing/index.ts';
import { openStoreReader } from '../src/store/index.ts';
import { networkFlags, settingFlag, settingListFlag, walletFlags, withEnv } from '../src/ui/index.ts';
import { keyPaths, listWallet, listWallets, missingKey } from '../src/wallet/index.ts';

export default class StatusNow extends ChainCommand {
  static override summary =
    'Show where your hotkeys stand: pay, place in the pruning order, stake, axon, challenges, model.';
  static override description =
    'Whether the subnet pays comes first. Challenges are those that `serve` has stored on this machine. ' +
    'Where sv72.yaml lists `miners`, these are shown, each with its profile and model where they differ; --hotkey names some of them, --all takes all hotkeys of all wallets.';
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
    const loaded = await this.settings();
    if (!flags.all) mustBeThere(root, loaded);
    return await this.withChain(async (at) => {
      const look = async () => await this.look(at, loaded, root, flags.all);
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

  private async look({ chain, netuid, archive }: At, loaded: Loaded, root: string, all: boolean) {
    const { settings } = loaded;
    const at = ourSurroundings();
    const path = (given: string) => resolve(at.cwd, expandHome(given, at.home));
    const modelOf = ({ profile, bundle }: ConfiguredMiner) => {
      const own = settingsOfMiner(settings, { profile, bundle });
      const named = profileBundle(own.profiles[profile])?.bundle;
      if (named === undefined) return undefined;
      return modelAge(named === 'demo' ? demoBundle(this.config.root) : path(named));
    };
    const ours = ownHotkeys(root, loaded, modelOf);
    const store = openStoreReader(storeFile(settings, at));
    try {
      return await readStatus({
        chain,
        netuid,
        hotkeys: all ? everyHotkey(root, ours) : ours,
        store,
        model: ours[0]?.serves?.model,
        archive,
      });
    } finally {
      store?.close();
    }
  }
}

/** @param ours of which more is known */
function everyHotkey(root: string, ours: readonly OwnHotkey[]): OwnHotkey[] {
  return listWallets(root).flatMap(({ name: wallet, hotkeys }) =>
    hotkeys.map(
      ({ name, ss58 }) =>
        ours.find((own) => own.wallet === wallet && own.name === name) ?? { wallet, name, ss58 },
    ),
  );
}

/** @throws ERR_WALLET_NOT_FOUND when not one of them is there, with the names of those that are */
function mustBeThere(root: string, loaded: Loaded): void {
  const { name: wallet } = loaded.settings.wallet;
  const found = listWallet(root, wallet)?.hotkeys ?? [];
  const { miners } = minersInView(loaded);
  const [first] = miners;
  if (first === undefined || miners.some(({ hotkey }) => found.some(({ name }) => name === hotkey))) return;
  const location = { root, wallet, hotkey: first.hotkey };
  const { code, message, next, details } = missingKey(location, keyPaths(location).privateFile);
  const all = listWallets(root).length > 0;
  throw new Sv72Error(code, message, {
    next: all ? `${next} --all shows the hotkeys of all wallets.` : next,
    details,
  });
}

function ownHotkeys(
  root: string,
  loaded: Loaded,
  modelOf: (miner: ConfiguredMiner) => ModelAge | undefined,
): OwnHotkey[] {
  const { wallet, axon } = loaded.settings;
  const found = listWallet(root, wallet.name)?.hotkeys ?? [];
  return minersInView(loaded).miners.map((miner) => ({
    wallet: wallet.name,
    name: miner.hotkey,
    ss58: found.find(({ name }) => name === miner.hotkey)?.ss58,
    expected: { ip: axon.external_ip ?? undefined, port: announcedPort(miner) ?? 0 },
    serves: { profile: miner.profile, model: modelOf(miner) },
  }));
}
