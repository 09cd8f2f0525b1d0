import type { VerifiedBundle } from '../bundle/index.ts';
import type { ControlHandler, ControlRequest } from '../control/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { Classifier } from '../inference/index.ts';
import type { Fleet, Mode, Trial } from './fleet.ts';
import { claimedIdentity, identityOf } from './identity.ts';
import { demandMemory } from './memory.ts';
import { type Pointer, readPointer, writePointer } from './pointer.ts';
import { type Probe, probesFrom, probeWith } from './probes.ts';
import { type DeployRules, type Judgement, judge } from './rules.ts';
import type { LoadedModel, ModelIdentity } from './running.ts';

/** Something that was done to the models of a miner, for the history. */
export interface DeployEvent {
  /** Unix time, ms. */
  readonly at: number;
  readonly action: Mode | 'promote' | 'rollback' | 'auto-rollback' | 'refused';
  readonly model: ModelIdentity;
  /** Of the pictures; null where that says nothing. */
  readonly share: number | null;
  readonly why: string;
  readonly figures: Trial['figures'] | null;
}

export interface DeployServiceOptions {
  readonly fleet: Fleet;
  readonly rules: DeployRules;
  /** Bundle folder of the configuration. */
  readonly configured: string;
  /** File that remembers what was promoted. */
  readonly pointerFile: string;
  /** Reads and checks a bundle as `serve` does at its start. */
  readonly check: (dir: string) => Promise<VerifiedBundle>;
  /** Loads and warms it. */
  readonly load: (bundle: VerifiedBundle) => Promise<Classifier>;
  readonly processes: number;
  readonly onEvent: (event: DeployEvent) => void;
  readonly now?: () => number;
}

/** Changes the models of a running miner on order, and by itself when a candidate misbehaves. */
export interface DeployService {
  readonly handle: ControlHandler;
  /** Judges the candidate; does nothing without one. To be called every second or so. */
  tick(): void;
}

export function createDeployService(options: DeployServiceOptions): DeployService {
  const { fleet, rules, onEvent } = options;
  const now = options.now ?? Date.now;
  let busy = false;

  const tell = (
    action: DeployEvent['action'],
    model: ModelIdentity,
    why: string,
    trial?: Trial | null,
  ): void =>
    onEvent({ at: now(), action, model, share: trial?.share ?? null, why, figures: trial?.figures ?? null });

  /** One change at a time. @returns which models there are then */
  const alone = async (work: () => Promise<void>) => {
    if (busy) throw new Sv72Error('ERR_DEPLOY_BUSY', 'Another change of the models is under way.');
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
    }
    return status();
  };

  async function begin(mode: Mode, request: ControlRequest, progress: (message: string) => void) {
    const dir = textOf(request, 'bundle');
    const share = shareOf(request);
    const probes = probesFrom(request.with.probes);
    if (fleet.trial !== null) {
      throw new Sv72Error('ERR_DEPLOY_BUSY', `${nameOf(fleet.trial.model)} is being tried already.`);
    }
    progress('Checking the bundle');
    const bundle = await checked(dir);
    const identity = await identityOf(bundle);
    const loaded = await loadOrTell(bundle, identity, progress);
    let figures = null;
    try {
      demandSpeed(identity, loaded.classifier.info.inferMs);
      if (probes.length > 0) figures = await probe(loaded, probes, progress);
    } catch (error) {
      await loaded.classifier.close();
      return refuse(identity, error);
    }
    fleet.begin(loaded, { mode, share, probes: figures });
    tell(mode, identity, 'as ordered', fleet.trial);
  }

  async function loadOrTell(
    bundle: VerifiedBundle,
    identity: ModelIdentity,
    progress: (message: string) => void,
  ): Promise<LoadedModel> {
    try {
      demandMemory(modelBytes(bundle), options.processes);
      progress(`Loading ${nameOf(identity)}`);
      return { identity, classifier: await options.load(bundle) };
    } catch (error) {
      return refuse(identity, error);
    }
  }

  async function checked(dir: string): Promise<VerifiedBundle> {
    try {
      return await options.check(dir);
    } catch (error) {
      return refuse(await claimedIdentity(dir), error);
    }
  }

  function refuse(model: ModelIdentity, error: unknown): never {
    tell('refused', model, error instanceof Error ? error.message : String(error));
    throw error;
  }

  function demandSpeed(model: ModelIdentity, inferMs: number): void {
    if (inferMs <= rules.maxLatencyMs) return;
    throw new Sv72Error(
      'ERR_DEPLOY_SLOW',
      `${nameOf(model)} takes ${Math.round(inferMs)} ms for a picture, and ${Math.round(rules.maxLatencyMs)} ms are allowed.`,
    );
  }

  async function probe(loaded: LoadedModel, probes: readonly Probe[], progress: (message: string) => void) {
    progress(`Asking both models about ${probes.length} labelled pictures`);
    const figures = {
      of: probes.length,
      candidateRight: await probeWith(loaded.classifier, probes),
      liveRight: await probeWith(fleet.live.classifier, probes),
    };
    const none = { answers: 0, errors: 0, p95Ms: null, compared: 0, disagreed: 0 };
    const { verdict, reasons } = judge({ ...none, probes: figures }, rules);
    if (verdict === 'bad') {
      throw new Sv72Error(
        'ERR_DEPLOY_WORSE',
        `${nameOf(loaded.identity)} is refused: ${reasons.join('; ')}.`,
      );
    }
    return figures;
  }

  async function promote(request: ControlRequest, progress: (message: string) => void) {
    const trial = fleet.trial;
    if (trial === null) throw new Sv72Error('ERR_DEPLOY_NONE', 'There is no candidate to promote.');
    const { verdict, reasons } = judge(trial.figures, rules);
    if (verdict !== 'good' && request.with.force !== true) {
      throw new Sv72Error(
        'ERR_DEPLOY_WORSE',
        `${nameOf(trial.model)} is not proved yet: ${reasons.join('; ')}.`,
        { next: 'Wait (`sv72 deploy status`), or promote it all the same with --force.' },
      );
    }
    // A restart goes on with what lies there, so it must be what was tried.
    const bundle = await unchanged(trial.model);
    // A shadow's processes have a low priority, which they can never give back.
    const fresh = trial.mode === 'shadow' ? await loadOrTell(bundle, trial.model, progress) : undefined;
    await remember(trial.model, fleet.live.identity);
    if (fresh === undefined) fleet.promote();
    else fleet.replaceLive(fresh);
    tell('promote', trial.model, verdict === 'good' ? 'proved' : `forced: ${reasons.join('; ')}`, trial);
  }

  async function rollback(request: ControlRequest, progress: (message: string) => void) {
    const why = typeof request.with.why === 'string' ? request.with.why : 'as ordered';
    const trial = fleet.trial;
    if (trial !== null) {
      fleet.drop();
      tell('rollback', trial.model, why, trial);
      return;
    }
    const previous = (await pointer())?.previous ?? null;
    if (previous === null) {
      throw new Sv72Error('ERR_DEPLOY_NONE', 'There is no candidate, and no earlier model to go back to.');
    }
    const loaded = await loadOrTell(await unchanged(previous), previous, progress);
    await remember(previous, fleet.live.identity);
    fleet.replaceLive(loaded);
    tell('rollback', previous, why);
  }

  /** The bundle of a model, as it was when the model was last loaded. */
  async function unchanged(model: ModelIdentity): Promise<VerifiedBundle> {
    const bundle = await checked(model.dir);
    const found = await identityOf(bundle);
    if (found.manifestSha256 === model.manifestSha256) return bundle;
    return refuse(
      found,
      new Sv72Error('ERR_DEPLOY_NONE', `What lies in ${model.dir} is no longer ${nameOf(model)}.`),
    );
  }

  /** The point of no return: before it a restart goes on with the old model, after it with the new one. */
  async function remember(live: ModelIdentity, previous: ModelIdentity): Promise<void> {
    await writePointer(options.pointerFile, { configured: options.configured, live, previous, at: now() });
  }

  async function pointer(): Promise<Pointer | null> {
    const found = await readPointer(options.pointerFile);
    return found?.configured === options.configured ? found : null;
  }

  async function status() {
    const { live, trial } = fleet;
    const { info } = live.classifier;
    const judgement: Judgement | null = trial === null ? null : judge(trial.figures, rules);
    return {
      live: { ...live.identity, device: info.device, precision: info.precision, inferMs: info.inferMs },
      configured: options.configured,
      previous: (await pointer())?.previous ?? null,
      candidate: trial === null ? null : { ...trial, ...judgement },
      busy,
      rules,
    };
  }

  return {
    handle(request, progress) {
      switch (request.do) {
        case 'status':
          return status();
        case 'canary':
        case 'shadow':
        case 'ab': {
          const mode = request.do;
          return alone(() => begin(mode, request, progress));
        }
        case 'promote':
          return alone(() => promote(request, progress));
        case 'rollback':
          return alone(() => rollback(request, progress));
        default:
          throw new Sv72Error('ERR_CONTROL_REQUEST', `This miner does not know the order "${request.do}".`);
      }
    },
    tick() {
      const { trial } = fleet;
      if (trial === null || busy) return;
      fleet.keepPriorities();
      const { verdict, reasons } = judge(trial.figures, rules);
      if (verdict !== 'bad') return;
      fleet.drop();
      tell('auto-rollback', trial.model, reasons.join('; '), trial);
    },
  };
}

export function nameOf({ name, version }: Pick<ModelIdentity, 'name' | 'version'>): string {
  return `${name} ${version}`;
}

function modelBytes({ manifest }: VerifiedBundle): number {
  const sizes = manifest.files.filter(({ role }) => role === 'model').map(({ bytes }) => bytes);
  const data = manifest.files.filter(({ role }) => role === 'model-data').map(({ bytes }) => bytes);
  return Math.max(...sizes) + data.reduce((sum, bytes) => sum + bytes, 0);
}

function textOf({ with: given }: ControlRequest, key: string): string {
  const value = given[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new Sv72Error('ERR_CONTROL_REQUEST', `The order lacks "${key}".`);
}

function shareOf({ with: given }: ControlRequest): number {
  const { share } = given;
  if (typeof share === 'number' && share > 0 && share <= 1) return share;
  throw new Sv72Error('ERR_CONTROL_REQUEST', 'The order lacks a share above 0 and up to 1.');
}
