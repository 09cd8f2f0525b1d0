import { join } from 'node:path';
import type { Rao } from '../src/amount/index.ts';
import {
  type Chain,
  checkRegistration,
  checkWithWork,
  findInstallation,
  newsLine,
  type PlannedCall,
  type Preparation,
  plannedCalls,
  prepareRegistration,
  type Registered,
  type RegisterNews,
  type RegisterRequest,
  registerHotkeys,
  rehearsalFolder,
  type SignedCheck,
  unregistered,
} from '../src/chain/index.ts';
import {
  type At,
  agreement,
  askCeiling,
  ChainCommand,
  ceilingLine,
  ceilingOf,
  checkLines,
  refuseAbove,
  registerFlags,
  registerRequest,
  registerResult,
  rehearsalLines,
  rehearsalNews,
  rehearseRegistration,
  SkippableAsk,
  showBill,
} from '../src/chain-ui/index.ts';
import { dataFolder, effectiveNetuid, ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { natixServer, registerBeside } from '../src/natix/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { type Keypair, loadKey, needsPassword } from '../src/wallet/index.ts';
import { passwordsFrom } from '../src/wallet-ui/index.ts';

/** A dry run searches for a proof of work that takes less than this on average, and gives up after the other. */
const LONGEST_SEARCH_MS = 20_000;
const SEARCH_TIMEOUT_MS = 60_000;

type Flags = Awaited<ReturnType<Register['flagsOf']>>;

export default class Register extends ChainCommand {
  static override summary =
    'Register hotkeys on the subnet: shows the whole bill first, and never pays twice.';
  static override description =
    `The price is burned: nobody gives it back. Nothing is signed before the bill was shown and a ceiling was given, which goes on chain with the call. What was interrupted is found out by running the same command again: it looks for the earlier transaction before it signs another one.

Exit codes: 0 all hotkeys are registered (also when they were already), 1 refused or failed (nothing was paid but perhaps a fee), 2 something to be asked and nobody to ask, 3 the chain or the endpoint did not do its part (run it again), 130 interrupted (run it again).

The coldkey need not be on a mining machine. Safest: where the coldkey is, run \`sv72 register --hotkey-address 5…\`; only the hotkey and coldkeypub.txt are on the machine that mines. To let a machine register by itself, make a key on it and, where the coldkey is, run \`sv72 proxy add --delegate ADDRESS-OF-THAT-KEY\`: as a proxy of type Registration it can register for the coldkey and do nothing else with it, neither transfer nor unstake. The coldkey reserves a deposit for that (0.093 TAO for the first proxy today, given back when it is removed). What a thief of that key could do is spend the coldkey’s free balance on registrations that the coldkey owns, so keep little there. Then run \`sv72 register --proxy ADDRESS-OF-THE-COLDKEY\` with that key as the wallet’s coldkey. docs/register.md has every step.`;
  static override examples = [
    '<%= config.bin %> register --dry-run',
    '<%= config.bin %> register --rehearse --max-price 0.05',
    '<%= config.bin %> register -w main -H miner1 --max-price 0.05',
    '<%= config.bin %> register --wait-for-price 0.01 --timeout 12h --yes',
    '<%= config.bin %> register --hotkey-address 5F… --max-price 0.05',
    '<%= config.bin %> register --proxy 5C… -w box --max-price 0.05 --yes',
    '<%= config.bin %> register --pow',
    '<%= config.bin %> register --print-call --max-price 0.05 --json',
  ];
  static override hiddenAliases = ['s:register', 'subnets:register', 'subnet:register'];
  static override flags = registerFlags;

  async run(): Promise<ResultOf<'register'>> {
    const flags = await this.flagsOf();
    const shows = flags['dry-run'] || flags['print-call'] || flags.rehearse;
    if (flags.rehearse) await findInstallation(this.rehearsalFolder);
    const request = await this.requestOf(flags, !shows);
    return await this.withChain(async (at) => {
      if (flags['dry-run']) return await this.dryRun(at, request, flags);
      if (flags.rehearse) return await this.rehearse(at, request, flags);
      if (flags['print-call']) return await this.printCall(at, request, flags);
      return await this.register(at, request, flags);
    });
  }

  private async flagsOf() {
    return (await this.parse(Register)).flags;
  }

  private async requestOf(flags: Flags, sends: boolean): Promise<RegisterRequest> {
    const { settings, origins } = await this.settings();
    const { wallet, root } = await this.location('coldkey');
    const hotkeysNamed = ['flag', 'environment'].includes(origins.get('wallet.hotkeys')?.from ?? 'default');
    return registerRequest({
      netuid: effectiveNetuid(settings),
      root,
      wallet,
      hotkeys: settings.wallet.hotkeys,
      hotkeysNamed,
      flags,
      sends,
    });
  }

  private async register(
    { chain, archive }: At,
    request: RegisterRequest,
    flags: Flags,
  ): Promise<ResultOf<'register'>> {
    const { 'wait-for-price': target, timeout: timeoutMs, 'pow-threads': threads } = flags;
    let preparation: Preparation | undefined;
    let ceiling: Rao | undefined;
    return await this.untilInterrupted(async (signal) => {
      const registered = await registerHotkeys({
        chain,
        archive,
        request,
        folder: join(dataFolder(ourSurroundings()), 'registrations'),
        agree: async (given) => {
          preparation = given;
          const agreed = await agreement({ ...this.asking(chain, given, flags) });
          ceiling = agreed.ceiling;
          return agreed;
        },
        unlock: async () => await this.unlock(await this.location('coldkey'), flags),
        ceiling: ceilingOf(flags),
        wait: target === undefined ? undefined : { target, timeoutMs },
        pow: { threads, timeoutMs },
        onNews: (news) => this.tell(news),
        signal,
        now: Date.now,
      });
      const natix = flags.natix ? await this.natix(registered, flags) : null;
      return registerResult({
        outcome: 'registered',
        chain,
        request,
        registered,
        preparation,
        ceiling,
        natix,
      });
    });
  }

  private async dryRun(
    { chain, archive }: At,
    request: RegisterRequest,
    flags: Flags,
  ): Promise<ResultOf<'register'>> {
    const waitFor = flags['wait-for-price'];
    const preparation = await prepareRegistration(chain, request, { waitFor, archive });
    const proofMs = await showBill(this.asking(chain, preparation, flags));
    const ceiling = ceilingOf(flags) ?? preparation.suggestedCeiling;
    if (!flags.pow && unregistered(preparation.survey).length > 0) {
      refuseAbove(ceiling, { preparation, flags });
      this.say(ceilingLine(preparation, ceiling));
    }
    const { calls, check } = await this.check(chain, preparation, { flags, ceiling, proofMs });
    for (const { call } of calls) this.say(call.human);
    for (const line of checkLines(check, preparation)) this.say(line);
    if (check.kind === 'refused') process.exitCode = 1;
    return registerResult({ outcome: 'dry-run', chain, request, preparation, ceiling, calls, check });
  }

  /** Signs what would be sent and lets the node judge it. */
  private async check(
    chain: Chain,
    preparation: Preparation,
    { flags, ceiling, proofMs }: { flags: Flags; ceiling: Rao; proofMs: number | undefined },
  ): Promise<{ calls: readonly PlannedCall[]; check: SignedCheck }> {
    const calls = plannedCalls(chain, preparation, ceiling);
    const work = flags.pow && unregistered(preparation.survey).length > 0;
    if (work && (proofMs === undefined || proofMs > LONGEST_SEARCH_MS)) {
      const why = 'a proof of work takes too long on this machine to be searched for in a dry run';
      return { calls, check: { kind: 'not-made', why } };
    }
    const signer = work || calls.length > 0 ? await this.unlockOrSkip(flags) : undefined;
    if (!work || signer === undefined) {
      const check = await checkRegistration(chain, calls, signer);
      const locked = work ? ({ kind: 'not-made', why: 'the key that signs stayed locked' } as const) : check;
      return { calls, check: locked };
    }
    return await checkWithWork(chain, preparation, {
      signer,
      threads: flags['pow-threads'],
      timeoutMs: SEARCH_TIMEOUT_MS,
      onNews: (news) => this.tell(news),
      signal: new AbortController().signal,
      now: Date.now,
    });
  }

  private async rehearse(
    { chain, archive }: At,
    request: RegisterRequest,
    flags: Flags,
  ): Promise<ResultOf<'register'>> {
    const preparation = await prepareRegistration(chain, request, { archive });
    await showBill(this.asking(chain, preparation, flags));
    const ceiling = ceilingOf(flags) ?? preparation.suggestedCeiling;
    const calls = plannedCalls(chain, preparation, ceiling);
    const rehearsed = { outcome: 'rehearsed', chain, request, preparation, ceiling, calls } as const;
    // Every hotkey has its UID already, which the bill says.
    if (calls.length === 0) return registerResult(rehearsed);
    const seen = { answers: 0 };
    // Ctrl-C ends this process, and the fork's with it.
    const rehearsal = await rehearseRegistration({
      chain,
      request,
      calls,
      folder: this.rehearsalFolder,
      onProgress: (progress) => {
        const line = this.jsonEnabled() ? undefined : rehearsalNews(progress, seen);
        if (line !== undefined) this.note(line);
      },
    });
    for (const line of rehearsalLines(rehearsal, calls)) this.say(line);
    if (rehearsal.calls.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
    return registerResult({ ...rehearsed, rehearsal });
  }

  private get rehearsalFolder(): string {
    return rehearsalFolder(dataFolder(ourSurroundings()));
  }

  private async printCall(
    { chain, archive }: At,
    request: RegisterRequest,
    flags: Flags,
  ): Promise<ResultOf<'register'>> {
    const waitFor = flags['wait-for-price'];
    const preparation = await prepareRegistration(chain, request, { waitFor, archive });
    const ask = this.ask;
    const ceiling = ceilingOf(flags) ?? (await askCeiling({ preparation, ask }));
    const calls = plannedCalls(chain, preparation, ceiling);
    for (const { call } of calls) {
      this.note(call.human);
      this.say(call.hex);
    }
    return registerResult({ outcome: 'printed', chain, request, preparation, ceiling, calls });
  }

  private asking(chain: Chain, preparation: Preparation, flags: Flags) {
    return { chain, preparation, flags, ask: this.ask, say: (line: string) => this.say(line) };
  }

  /** The key that signs; undefined when it is locked and its password is neither given nor typed. */
  private async unlockOrSkip(flags: Flags): Promise<Keypair | undefined> {
    const location = await this.location('coldkey');
    const ask = new SkippableAsk({ interactive: this.ask.interactive, yes: false });
    try {
      const passwords = needsPassword(location) ? passwordsFrom(flags, ask) : undefined;
      return (await loadKey(location, passwords)).keypair;
    } catch (error) {
      const locked =
        error instanceof Sv72Error && ['ERR_NEEDS_ANSWER', 'ERR_WALLET_NOT_FOUND'].includes(error.code);
      if (locked) return undefined;
      throw error;
    }
  }

  /** Registers with NATIX's server too. It is no part of mining, so nothing that goes wrong there is a failure here. */
  private async natix(
    registered: readonly Registered[],
    flags: Flags,
  ): Promise<ResultOf<'register'>['natix']> {
    const results: NonNullable<ResultOf<'register'>['natix']> = [];
    const { root, wallet } = await this.location('coldkey');
    const server = natixServer({ url: flags['natix-url'] });
    for (const { hotkey, uid } of registered) {
      const key = await this.unlock({ root, wallet, hotkey: hotkey.name ?? '' }, flags);
      const modelRepo = flags['model-repo'] ?? '';
      const { state, detail } = await registerBeside({ server, uid, hotkey: key, modelRepo });
      this.say(`NATIX: ${state}${detail === null ? '' : `, ${detail}`}`);
      results.push({ hotkey: hotkey.ss58, state, detail });
    }
    return results;
  }

  /** A wait of hours shall not fill the screen: the first price, every tenth block's, and the one waited for. */
  private isWorthALine(news: RegisterNews): boolean {
    if (news.kind === 'waiting') {
      const firstWait = !this.waitTold;
      this.waitTold = true;
      return firstWait || news.blocksLeft % 10 === 0;
    }
    if (news.kind !== 'price' || news.price <= news.target) return true;
    const first = !this.priceTold;
    this.priceTold = true;
    return first || news.block % 10 === 0;
  }

  private priceTold = false;
  private waitTold = false;

  private tell(news: RegisterNews): void {
    if (news.kind === 'registered') this.say(newsLine(news));
    else if (!this.jsonEnabled() && this.isWorthALine(news)) this.note(newsLine(news));
  }
}
