import type { ModelKind, PlannedGpu } from '../types.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** What a model takes on a GPU, in bytes. */
export interface VramModel {
  readonly id: string;
  readonly kind: ModelKind;
  /** For people: which model. */
  readonly what: string;
  readonly weightsBytes: number;
  /** What the program takes beside: context of CUDA, libraries, working memory, CUDA graphs. */
  readonly runtimeBytes: number;
  /** Of a chat model: what it keeps of each token. */
  readonly kv: {
    readonly bytesPerToken: number;
    readonly context: number;
    readonly sequences: number;
  } | null;
  readonly gpu: 'auto' | 'none' | number;
  /** Whether it cannot run on the CPU. */
  readonly needsGpu: boolean;
  /** Number of the GPU on which it runs already, so that what it takes is not free any more; null: it does not run. */
  readonly runsOn: number | null;
  /** How its size is known. */
  readonly from: 'files' | 'settings' | 'name';
}

export interface PlacedModel {
  readonly id: string;
  readonly kind: ModelKind;
  readonly what: string;
  readonly from: VramModel['from'];
  /** null: on the CPU. */
  readonly gpu: number | null;
  readonly running: boolean;
  readonly weightsBytes: number;
  readonly runtimeBytes: number;
  readonly kvBytes: number;
  readonly kvTokens: number;
  /** Questions of full length whose tokens the KV cache holds; null: no chat model. */
  readonly holds: number | null;
  readonly bytes: number;
  /** Of the GPU's whole memory, as vLLM takes it; null on the CPU. */
  readonly share: number | null;
  /** Of what is free when it starts, servers before it being there; null on the CPU. */
  readonly freeShare: number | null;
}

interface PlacedGpu extends PlannedGpu {
  /** Kept free: drivers and other programs take more at times. */
  readonly marginBytes: number;
  readonly plannedBytes: number;
  /** Negative: what is missing. */
  readonly leftBytes: number;
}

export interface VramPlan {
  readonly fits: boolean;
  readonly models: readonly PlacedModel[];
  readonly gpus: readonly PlacedGpu[];
  /** What does not fit, a sentence each. */
  readonly problems: readonly string[];
  /** What to change, or to know, a sentence each. */
  readonly advice: readonly string[];
}

/** KV caches are counted in steps of this. */
const STEP = 16 * MIB;

/** Kept free of each GPU: 2 per cent, at least 256 MiB. */
const marginOf = ({ memoryBytes }: PlannedGpu): number => Math.max(256 * MIB, Math.ceil(memoryBytes * 0.02));

const full = ({ kv }: VramModel): number =>
  kv === null ? 0 : up(kv.bytesPerToken * kv.context * kv.sequences);
const least = ({ kv }: VramModel): number => (kv === null ? 0 : up(kv.bytesPerToken * kv.context));
const up = (bytes: number): number => Math.ceil(bytes / STEP) * STEP;
const solid = (model: VramModel): number => model.weightsBytes + model.runtimeBytes + least(model);

/**
 * Places models on GPUs by what is free there. Those that name their GPU come first, then the largest, each to where
 * most is left. Every chat model gets the KV cache of one question of full length; what is left over is shared out, up
 * to `sequences` questions each, evenly among those that want more, so that none takes what another needs.
 *
 * @param models with different ids
 */
export function planVram(models: readonly VramModel[], gpus: readonly PlannedGpu[]): VramPlan {
  const room = new Map(gpus.map((gpu) => [gpu.index, gpu.freeBytes - marginOf(gpu)]));
  const problems: string[] = [];
  const advice: string[] = [];
  const places = new Map<VramModel, number | null>();
  const order = models.toSorted((a, b) => rank(a) - rank(b) || solid(b) - solid(a));
  for (const model of order) {
    const at = place(model, gpus, room);
    places.set(model, at.gpu);
    if (at.problem !== undefined) problems.push(at.problem);
    if (at.gpu !== null && model.runsOn === null) {
      room.set(at.gpu, (room.get(at.gpu) ?? 0) - solid(model));
    }
  }
  const kv = shareOut(models, places, room);
  const placed = models.map((model) => placedModel(model, places.get(model) ?? null, kv, gpus));
  const shown = gpus.map((gpu) => placedGpu(gpu, placed));
  const withFree = withFreeShares(placed, gpus);
  for (const gpu of shown) {
    if (gpu.leftBytes < 0) {
      const here = models.filter((model) => places.get(model) === gpu.index && model.runsOn === null);
      problems.push(tooMuch(gpu, here));
      advice.push(...adviceFor(gpu, here, shown));
    }
  }
  for (const model of withFree) advice.push(...lessThanWanted(model, models));
  return { fits: problems.length === 0, models: withFree, gpus: shown, problems, advice };
}

/** Running ones are where they are; then those that name a GPU; then the others. */
function rank({ runsOn, gpu }: VramModel): number {
  if (runsOn !== null) return 0;
  return typeof gpu === 'number' ? 1 : 2;
}

function place(
  model: VramModel,
  gpus: readonly PlannedGpu[],
  room: ReadonlyMap<number, number>,
): { gpu: number | null; problem?: string } {
  if (model.runsOn !== null) return { gpu: model.runsOn };
  if (model.gpu === 'none' || (gpus.length === 0 && !model.needsGpu && model.gpu === 'auto')) {
    return model.needsGpu
      ? { gpu: null, problem: `${model.what} needs a GPU, and its setting says none.` }
      : { gpu: null };
  }
  if (gpus.length === 0) return { gpu: null, problem: `${model.what} needs a GPU, and there is none here.` };
  if (typeof model.gpu === 'number') {
    if (room.has(model.gpu)) return { gpu: model.gpu };
    return { gpu: null, problem: `${model.what} is to run on GPU ${model.gpu}, which is not there.` };
  }
  const [best] = gpus.toSorted((a, b) => (room.get(b.index) ?? 0) - (room.get(a.index) ?? 0));
  return { gpu: best?.index ?? null };
}

/** KV cache of each model that starts, bytes. */
function shareOut(
  models: readonly VramModel[],
  places: ReadonlyMap<VramModel, number | null>,
  room: ReadonlyMap<number, number>,
): Map<VramModel, number> {
  const given = new Map<VramModel, number>();
  for (const [index, left] of room) {
    let rest = Math.max(0, left);
    let hungry = models.filter((model) => places.get(model) === index && model.kv !== null);
    for (const model of hungry) given.set(model, model.runsOn === null ? least(model) : full(model));
    hungry = hungry.filter((model) => model.runsOn === null && least(model) < full(model));
    while (hungry.length > 0) {
      const part = Math.floor(rest / hungry.length / STEP) * STEP;
      const filled = hungry.filter((model) => full(model) - (given.get(model) ?? 0) <= part);
      const now = filled.length > 0 ? filled : hungry;
      for (const model of now) {
        const more = Math.min(part, full(model) - (given.get(model) ?? 0));
        given.set(model, (given.get(model) ?? 0) + more);
        rest -= more;
      }
      if (filled.length === 0) break;
      hungry = hungry.filter((model) => !filled.includes(model));
    }
  }
  return given;
}

function placedModel(
  model: VramModel,
  gpu: number | null,
  kv: ReadonlyMap<VramModel, number>,
  gpus: readonly PlannedGpu[],
): PlacedModel {
  const { id, kind, what, from, weightsBytes, runtimeBytes, runsOn } = model;
  const kvBytes = kv.get(model) ?? 0;
  const kvTokens = model.kv === null ? 0 : Math.floor(kvBytes / model.kv.bytesPerToken);
  const bytes = weightsBytes + runtimeBytes + kvBytes;
  const whole = gpus.find(({ index }) => index === gpu)?.memoryBytes;
  return {
    ...{ id, kind, what, from, gpu, running: runsOn !== null, weightsBytes, runtimeBytes, kvBytes, kvTokens },
    holds: model.kv === null ? null : Math.floor(kvTokens / model.kv.context),
    bytes,
    share: whole === undefined ? null : shareOf(bytes, whole),
    freeShare: null,
  };
}

/** In the order in which they start. */
function withFreeShares(placed: readonly PlacedModel[], gpus: readonly PlannedGpu[]): PlacedModel[] {
  const free = new Map(gpus.map(({ index, freeBytes }) => [index, freeBytes]));
  return placed.map((model) => {
    const before = model.gpu === null ? undefined : free.get(model.gpu);
    if (model.gpu === null || before === undefined || model.running) return model;
    free.set(model.gpu, before - model.bytes);
    return { ...model, freeShare: shareOf(model.bytes, before) };
  });
}

/** Three digits, rounded up. */
function shareOf(bytes: number, of: number): number {
  return Math.min(1, Math.ceil((bytes / Math.max(1, of)) * 1_000) / 1_000);
}

function placedGpu(gpu: PlannedGpu, placed: readonly PlacedModel[]): PlacedGpu {
  const plannedBytes = placed
    .filter((model) => model.gpu === gpu.index && !model.running)
    .reduce((sum, { bytes }) => sum + bytes, 0);
  const marginBytes = marginOf(gpu);
  return { ...gpu, marginBytes, plannedBytes, leftBytes: gpu.freeBytes - marginBytes - plannedBytes };
}

function tooMuch(gpu: PlacedGpu, models: readonly VramModel[]): string {
  const names = models.map(({ what }) => what).join(', ');
  return `GPU ${gpu.index} (${gpu.name}) has ${gib(gpu.freeBytes)} free, and ${names} ${models.length === 1 ? 'needs' : 'need'} at least ${gib(gpu.plannedBytes + gpu.marginBytes)}.`;
}

function adviceFor(gpu: PlacedGpu, models: readonly VramModel[], gpus: readonly PlacedGpu[]): string[] {
  const missing = -gpu.leftBytes;
  const found: string[] = [];
  const used = gpu.memoryBytes - gpu.freeBytes;
  if (used >= missing && used > 512 * MIB) {
    found.push(
      `${gib(used)} of GPU ${gpu.index} are in use by other programs (\`nvidia-smi\` shows which): ending them makes room.`,
    );
  }
  for (const model of models) {
    const other = gpus.find(({ index, leftBytes }) => index !== gpu.index && leftBytes >= solid(model));
    if (other && solid(model) >= missing) {
      found.push(
        `${model.what} fits on GPU ${other.index} (${other.name}): set its server.container.gpu to ${other.index}.`,
      );
    }
    if (model.kv !== null) {
      const tokens = Math.floor((least(model) - missing) / model.kv.bytesPerToken / 256) * 256;
      if (tokens >= 1_024) {
        found.push(
          `With server.container.context at most ${tokens}, ${model.what} fits; a street picture takes some hundred tokens.`,
        );
      }
      const half = model.weightsBytes / 2;
      if (half >= missing) {
        found.push(
          `Weights of half the size (an FP8, AWQ or 4-bit form of ${model.what}) save ${gib(half)}, which is enough.`,
        );
      }
    } else if (!model.needsGpu && solid(model) >= missing) {
      found.push(`${model.what} can run on the CPU: set its device to cpu.`);
    }
  }
  if (found.length === 0) found.push(`Nothing but a smaller model or a GPU with ${gib(missing)} more helps.`);
  return found;
}

function lessThanWanted(placed: PlacedModel, models: readonly VramModel[]): string[] {
  const model = models.find(({ id }) => id === placed.id);
  if (placed.holds === null || !model?.kv || placed.holds >= model.kv.sequences || placed.gpu === null)
    return [];
  return [
    `The KV cache of ${placed.what} holds ${placed.holds} of ${model.kv.sequences} questions of full length at a time; others wait.`,
  ];
}

/** For people. */
export function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
