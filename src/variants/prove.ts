import type { BundleModel, VerifiedBundle } from '../bundle/index.ts';
import { answersOfAll, type Pair, type View } from '../evaluate/index.ts';
import type { Device } from '../inference/index.ts';

export interface ProofOptions {
  /** The bundle with the model that the variant was made from. */
  readonly source: VerifiedBundle;
  readonly base: BundleModel;
  /** A bundle with the variant as its only model. */
  readonly candidate: VerifiedBundle;
  readonly views: readonly View[];
  readonly device: Device | 'auto';
  readonly signal?: AbortSignal | undefined;
  /** Folder in which answers are remembered. */
  readonly memory?: string | undefined;
  /** So many views were answered by both. */
  readonly onAnswers?: ((done: number) => void) | undefined;
}

export interface Proof {
  readonly pairs: readonly Pair[];
  /** Views that one of them did not answer. */
  readonly unanswered: number;
  /** Where the variant ran. */
  readonly device: Device;
}

/** Both models answer the same pixels, as `serve` would: on the embedded engine. */
export async function prove(options: ProofOptions): Promise<Proof> {
  const { source, base, candidate, views, device, signal, memory, onAnswers } = options;
  const pairs: Pair[] = [];
  let unanswered = 0;
  let ran: Device = 'cpu';
  const contestants = [{ bundle: source, variant: base.name }, { bundle: candidate }];
  const answers = answersOfAll(contestants, views, {
    device,
    ...(signal && { signal }),
    ...(memory !== undefined && { memory }),
    onReady: ([, info]) => {
      if (info !== undefined && info.device !== 'server') ran = info.device;
    },
  });
  for await (const [first, second] of answers) {
    if (first === undefined || second === undefined) continue;
    const { view } = first;
    if (first.failed !== null || second.failed !== null) unanswered++;
    pairs.push({ label: view.label, cluster: view.picture.group, first: first.p, second: second.p });
    onAnswers?.(pairs.length);
  }
  return { pairs, unanswered, device: ran };
}
