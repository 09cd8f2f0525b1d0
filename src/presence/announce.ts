import { type Chain, type ChainSigner, estimateFee, type SubmitStatus, submit } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type Announcement, announcementCall } from './announcement.ts';

export interface AnnounceOptions {
  readonly chain: Chain;
  readonly netuid: number;
  readonly announcement: Announcement;
  readonly signer: ChainSigner;
  /** Most that may be paid for it, rao (default 0n: these calls are free). */
  readonly mostFee?: bigint;
  /** `in-block` is enough where the chain is looked at again anyway. */
  readonly until?: 'finalized' | 'in-block';
  readonly onStatus?: (status: SubmitStatus) => void;
}

export interface Done {
  readonly block: number;
  readonly hash: string;
  /** rao; 0n: it was free. */
  readonly fee: bigint;
}

/** Blocks for which it stays valid: the address may change, and the next look tries again. */
const ERA_BLOCKS = 16;

/**
 * Tells the chain, after asking the node what that costs.
 * @throws ERR_ANNOUNCE_FEE when it costs more than `mostFee`, and as `submit`
 */
export async function announce(options: AnnounceOptions): Promise<Done> {
  const { chain, netuid, announcement, signer, mostFee = 0n, until = 'finalized', onStatus } = options;
  const { call, args } = announcementCall(announcement, netuid);
  const composed = chain.compose('SubtensorModule', call, args);
  const fee = await estimateFee(chain, composed, signer.publicKey);
  if (fee > mostFee) {
    throw new Sv72Error(
      'ERR_ANNOUNCE_FEE',
      `This chain wants a fee of ${fee} rao for an announcement, which was free so far.`,
      { details: { fee_rao: fee.toString() } },
    );
  }
  const done = await submit(chain, composed, {
    signer,
    until,
    eraBlocks: ERA_BLOCKS,
    ...(onStatus && { onStatus }),
  });
  return { block: done.block.number, hash: done.hash, fee: done.fee };
}
