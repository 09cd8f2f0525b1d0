import type { Gate } from '../bundle/index.ts';
import type { GateTerms } from './gate.ts';
import type { Conditions, PictureSource } from './pictures.ts';

/** How something that was made of a model has to prove itself. */
export interface GateOptions {
  /** Folder of a dataset. */
  readonly data: string;
  /** Augmented pictures to decide on, at least. */
  readonly pictures: number;
  /** The largest share of decisions that may differ. */
  readonly limit: number;
  readonly conditions: Conditions;
  /** Folder in which answers are remembered, so that an interrupted gate goes on; none by default. */
  readonly memory?: string;
  /** For what is needed only while this runs; default the system's. */
  readonly scratch?: string;
  /** Folders that running jobs write to: not to be cleared. */
  readonly inUse?: (() => Promise<readonly string[]>) | undefined;
  readonly signal?: AbortSignal;
  /** Only the job's specification is wanted: no pictures are made. */
  readonly dryRun?: boolean;
  readonly now?: () => number;
  /** What is going on, in words. */
  readonly onStage?: (text: string) => void;
}

/** What goes into the record of the gate. */
export function termsOf(
  { conditions, limit }: GateOptions,
  { name, fingerprint }: PictureSource,
  device: Gate['device'],
): GateTerms {
  return {
    device,
    dataset: { name, fingerprint },
    generations: [...conditions.generations],
    levels: [...conditions.levels],
    seed: conditions.seed,
    limit,
  };
}
