import type {
  Call,
  Chain,
  ConnectOptions,
  DryRun,
  Included,
  Outcome,
  SignedInfo,
  SubmitOptions,
} from './types.ts';

/**
 * Connects to a network: tries its endpoints in turn, checks the genesis, reads the runtime's metadata.
 * @throws ERR_CHAIN_UNREACHABLE, ERR_CHAIN_TIMEOUT, ERR_CHAIN_GENESIS, ERR_CHAIN_METADATA, ERR_CHAIN_RATE_LIMITED
 */
export declare function connectChain(options: ConnectOptions): Promise<Chain>;
/** Fee of a call in rao, from the node, for a signer whose public key is enough. 0n: free. */
export declare function estimateFee(chain: Chain, call: Call, signerPublicKey: Uint8Array): Promise<bigint>;
/** Signs as `submit` does and lets the node check the result without sending it. */
export declare function dryRun(
  chain: Chain,
  call: Call,
  options: Pick<SubmitOptions, 'signer' | 'eraBlocks'>,
): Promise<DryRun>;
/**
 * Signs, sends and waits. Never sends twice.
 * @throws ERR_CHAIN_REFUSED, ERR_CHAIN_FAILED (both with `details.name`), ERR_CHAIN_EXPIRED, ERR_CHAIN_UNKNOWN_OUTCOME,
 *   ERR_CHAIN_UPGRADED, ERR_CHAIN_GENESIS
 */
export declare function submit(chain: Chain, call: Call, options: SubmitOptions): Promise<Included>;
/** Looks through the blocks of its era for an extrinsic that was sent earlier. */
export declare function outcomeOf(chain: Chain, info: SignedInfo): Promise<Outcome>;
