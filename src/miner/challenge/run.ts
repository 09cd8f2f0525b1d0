import { type ChallengeResult, createDendrite, type Question } from '../../dendrite/index.ts';
import type { Keypair } from '../../wallet/index.ts';
import { type ImagesOptions, imageSource, type PreparedImage } from './images.ts';
import { type ScoredAnswer, scoreAnswer, summarise, type TargetReport } from './report.ts';
import type { ChallengeTarget } from './targets.ts';

export interface ChallengeRun {
  readonly targets: readonly ChallengeTarget[];
  /** The validator's hotkey. */
  readonly keypair: Keypair;
  readonly images: ImagesOptions;
  readonly protocol: 'axon' | 'btauth';
  /** Synapse class, or path of the btauth/1 door; by default the usual one. */
  readonly route?: string;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** Images under way at a time. */
  readonly concurrency: number;
  /** Told of each answer, in the order of the images. */
  readonly onAnswer?: (answer: ScoredAnswer, target: ChallengeTarget) => void;
}

/**
 * Does what a validator does: sends each image to every target, waits as long as it would, and scores what comes
 * back. Targets get the same image at the same time.
 *
 * @throws what `imageSource` throws; failures of targets are results.
 */
export async function runChallenges(run: ChallengeRun): Promise<TargetReport[]> {
  const source = await imageSource(run.images);
  const dendrite = createDendrite({ signer: run.keypair });
  const finished = new Map<number, { image: PreparedImage; results: ChallengeResult[] }>();
  const histories = run.targets.map((): ScoredAnswer[] => []);
  let next = 0;
  let scored = 0;

  const scoreInOrder = () => {
    for (let round = finished.get(scored); round !== undefined; round = finished.get(++scored)) {
      finished.delete(scored);
      for (const [index, target] of run.targets.entries()) {
        const history = histories[index] ?? [];
        const result = round.results[index];
        if (result === undefined) continue;
        const answer = scoreAnswer(round.image, result, history);
        history.push(answer);
        run.onAnswer?.(answer, target);
      }
    }
  };
  const worker = async () => {
    for (let index = next++; index < run.images.count; index = next++) {
      const image = await source(index);
      const results = await Promise.all(
        run.targets.map((target) => dendrite.challenge(question(run, target, image))),
      );
      finished.set(index, { image, results });
      scoreInOrder();
    }
  };

  try {
    await Promise.all(Array.from({ length: run.concurrency }, worker));
  } finally {
    dendrite.close();
  }
  return run.targets.map((target, index) => {
    const answers = histories[index] ?? [];
    return { target, summary: summarise(answers), answers };
  });
}

function question(
  { protocol, route, timeoutMs }: ChallengeRun,
  target: ChallengeTarget,
  image: PreparedImage,
): Question {
  return {
    target,
    axonHotkey: target.hotkey,
    image: image.jpeg,
    timeoutMs,
    protocol,
    ...(route !== undefined && { route: protocol === 'axon' ? route.replace(/^\//, '') : route }),
  };
}
