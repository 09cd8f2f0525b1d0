import { Sv72Error } from '../../errors/index.ts';
import { toHex } from '../codec/hex.ts';
import type { LiveChain } from '../live-chain.ts';
import type { BlockId, Call, SignedInfo, SubmitOptions } from '../types.ts';
import { currentCall } from './current.ts';
import { eraPeriod } from './era.ts';
import { extrinsicHash, type SigningTerms, signedExtrinsic, signingPayload } from './extrinsic.ts';

/**
 * Signs a call for the chain as it is now: its runtime, its genesis, the next nonce, a mortal era, no tip.
 * @throws ERR_CHAIN_UPGRADED, ERR_CHAIN_GENESIS, ERR_CHAIN_MISSING
 */
export async function signCall(
  chain: LiveChain,
  call: Call,
  { signer, eraBlocks = chain.eraBlocks }: Pick<SubmitOptions, 'signer' | 'eraBlocks'>,
): Promise<SignedInfo> {
  const current = await currentCall(chain, call);
  const period = eraPeriod(eraBlocks);
  const [nonce, birth, genesis] = await Promise.all([
    chain.nextNonce(signer.ss58),
    birthBlock(chain, period),
    chain.blockHash(0),
  ]);
  const { genesisHash } = chain.identity;
  if (genesis !== genesisHash) {
    throw new Sv72Error(
      'ERR_CHAIN_GENESIS',
      `${chain.endpoint} serves another chain than before; nothing was signed.`,
      {
        details: { endpoint: chain.endpoint, found: genesis ?? null, wanted: genesisHash },
      },
    );
  }
  const { runtime } = chain;
  const terms: SigningTerms = { genesis, nonce, birth, period };
  const signature = await signer.sign(signingPayload(runtime, current.hex, terms));
  const extrinsic = signedExtrinsic(runtime, current.hex, terms, {
    publicKey: signer.publicKey,
    signature,
    scheme: signer.cryptoType,
  });
  return {
    hash: extrinsicHash(runtime, extrinsic),
    hex: toHex(extrinsic),
    signer: signer.ss58,
    nonce,
    birth,
    death: birth.number + period,
    spec: runtime.version.spec,
    genesisHash,
  };
}

/** The finalized head, which no reorganisation takes back; the best one where finality lags by half the era. */
async function birthBlock(chain: LiveChain, period: number): Promise<BlockId> {
  const [best, finalized] = await Promise.all([chain.head(), chain.finalizedHead()]);
  const { hash, number } = best.number - finalized.number > period / 2 ? best : finalized;
  return { hash, number };
}
