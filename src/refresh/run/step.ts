import { Sv72Error } from '../../errors/index.ts';

/** The steps of the automatic cycle, in their order. */
export const STEPS = ['pull', 'train', 'evaluate', 'upload', 'canary', 'promote'] as const;

export type Step = (typeof STEPS)[number];

/** Further words for the command of a step. */
export type StepWords = Readonly<Partial<Record<Step, readonly string[]>>>;

/** @param texts such as `train=--recipe plain --epochs 3`; quotes group as in a shell @throws ERR_USAGE */
export function stepWords(texts: readonly string[]): StepWords {
  const words: Partial<Record<Step, readonly string[]>> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const step = STEPS.find((name) => name === text.slice(0, at).trim());
    if (step === undefined) {
      throw new Sv72Error(
        'ERR_USAGE',
        `--with takes STEP=WORDS, and the step is one of ${STEPS.join(', ')}.`,
      );
    }
    words[step] = [...(words[step] ?? []), ...split(text.slice(at + 1))];
  }
  return words;
}

function split(text: string): string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  const quotes = text.replace(/"[^"]*"|'[^']*'/g, '');
  if (/["']/.test(quotes)) throw new Sv72Error('ERR_USAGE', 'A quote in --with is not closed.');
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double = '', single = '') => double + single),
  );
}

/** Where everything of a run is. */
interface RunPlace {
  /** Folder of the run. */
  readonly dir: string;
  /** The dataset: given, or pulled into the run. */
  readonly data: string;
  /** The bundle that is trained. */
  readonly bundle: string;
  /** The folder of the training itself. */
  readonly work: string;
  /** The page that compares the two models. */
  readonly report: string;
}

export interface RunPlan {
  readonly place: RunPlace;
  /** Bundle that was in service when the run began. */
  readonly live: string;
  /** X.Y.Z of the new bundle. */
  readonly version: string;
  readonly words: StepWords;
}

/**
 * The command of a step.
 *
 * @param again whether its training was begun before
 */
export function commandOf(step: Step, { place, live, version, words }: RunPlan, again: boolean): string[] {
  const more = words[step] ?? [];
  switch (step) {
    case 'pull':
      return ['data', 'pull', ...more, '--out', place.data];
    case 'train':
      return [
        'train',
        ...['--data', place.data, '--out', place.bundle, '--work', place.work, '--model-version', version],
        ...more,
        // The trainer outlives a command that was killed: then there is one to be watched, not another to begin.
        ...(again ? ['--resume'] : []),
        ...(again && !more.includes('--if-running') ? ['--if-running', 'attach'] : []),
      ];
    case 'evaluate':
      return [
        'evaluate',
        live,
        '--compare',
        place.bundle,
        '--data',
        place.data,
        '--report',
        place.report,
        ...more,
      ];
    case 'upload':
      return ['upload', place.bundle, '--yes', ...more];
    case 'canary':
      return ['deploy', 'canary', place.bundle, ...more];
    case 'promote':
      return ['deploy', 'promote', ...minerOf(words), ...more];
  }
}

/** Which of several miners the canary is given to, for what asks about it. */
export function minerOf({ canary = [] }: StepWords): readonly string[] {
  const at = canary.indexOf('--miner');
  return at === -1 ? [] : canary.slice(at, at + 2);
}

/** The next version after these: a new model is a new minor version. */
export function nextVersion(versions: readonly string[]): string {
  const known = versions
    .map((text) => /^(\d+)\.(\d+)\.(\d+)/.exec(text))
    .map((match) => (match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) }))
    .filter((version) => version !== undefined)
    .sort((a, b) => b.major - a.major || b.minor - a.minor);
  const [highest] = known;
  return highest === undefined ? '1.0.0' : `${highest.major}.${highest.minor + 1}.0`;
}
