/** The client side of the axon's protocols: for `sv72 challenge`, and for tests. */
export {
  createDendrite,
  type Dendrite,
  type DendriteOptions,
  type Question,
} from './dendrite.ts';
export type { ChallengeResult } from './response.ts';
export type { Signer } from './signer.ts';
export { bracketed, parseTarget, type Target } from './target.ts';
