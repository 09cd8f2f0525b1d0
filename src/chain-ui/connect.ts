import { type Chain, connectChain, durationText } from '../chain/index.ts';
import { cacheFolder, expandHome, NETWORKS, ourSurroundings, type Settings } from '../config/index.ts';

export interface ConnectFor {
  readonly network: string;
  /** Told what happens to the connection, a line each. */
  readonly note: (line: string) => void;
  readonly timeoutMs?: number | undefined;
  /** The settings of connections; those of nobody in particular when left out. */
  readonly chain?: Settings['chain'] | undefined;
  /** Another connection to the same chain. */
  readonly sameAs?: Chain | undefined;
}

/** The chain of the settings, with this machine's cache, and news of the connection as lines for people. */
export async function connectFor({ network, note, timeoutMs, chain, sameAs }: ConnectFor): Promise<Chain> {
  const at = ourSurroundings();
  const fallbacks = chain?.fallback_endpoints ?? 'auto';
  let connected = false;
  return await connectChain({
    network,
    ...(fallbacks !== 'auto' && { fallbacks: fallbacks === 'none' ? [] : fallbacks }),
    cacheDir: chain?.cache ? expandHome(chain.cache, at.home) : cacheFolder(at),
    ...(sameAs && { sameAs }),
    ...(chain && { eraBlocks: chain.era_blocks }),
    timeoutMs: timeoutMs ?? (chain?.timeout_s ?? 30) * 1000,
    onNews: (news) => {
      if (news.kind === 'connected') {
        if (connected) note(`Connected again, to ${news.endpoint}.`);
        connected = true;
      } else if (news.kind === 'lost') {
        note(`Lost ${news.endpoint}: ${news.reason}.`);
      } else if (news.kind === 'rate-limited') {
        note(`${news.endpoint} wants fewer requests: waiting ${durationText(news.waitMs)}.`);
      } else if (news.kind === 'upgraded') {
        note(`The chain’s runtime was upgraded from ${news.from} to ${news.to}.`);
      }
    },
  });
}

/** The archive of the chain's network, undefined where there is none, it is this one, or it does not answer. */
export async function archiveOf(chain: Chain): Promise<Chain | undefined> {
  const { endpoint } = NETWORKS.archive;
  if (chain.identity.known !== 'finney' || !chain.identity.live || chain.endpoint === endpoint)
    return undefined;
  try {
    return await connectFor({ network: 'archive', note: () => undefined, timeoutMs: 8_000, sameAs: chain });
  } catch {
    return undefined;
  }
}
