import type { CascadeEvent } from '../cascade/index.ts';
import type { EngineEvent } from '../inference/index.ts';
import type { Note } from './events.ts';

/**
 * Says what happens to the models of a profile. That a server is lost and that its stage is left alone for it is one
 * thing, and said once; so is that they are back.
 */
export class ModelNotes {
  readonly #note: Note;
  /** Servers that were said to be lost, and why, by the stage that asks them. */
  readonly #lost = new Map<string, { readonly server: string; reason: string }>();
  /** Stages that are left alone for such a server, which was not said again. */
  readonly #implied = new Set<string>();
  /** Stages that were said to be left alone. */
  readonly #said = new Set<string>();

  constructor(note: Note) {
    this.#note = note;
  }

  /** @param stage of a cascade; undefined: it is the profile's only model */
  engine(event: EngineEvent, stage?: string): void {
    const note = this.#note;
    if (event.kind === 'lost') {
      note('warning', `The engine process ${event.pid} is gone (${event.reason}) and is being replaced.`);
    } else if (event.kind === 'start-failed') {
      // What is wrong with a server that is lost is said once.
      const lost = stage === undefined ? undefined : this.#lost.get(stage);
      if (lost !== undefined) {
        if (event.reason.includes(lost.reason)) return;
        lost.reason = event.reason;
      }
      note(
        'warning',
        `An engine process could not start (${event.reason}); next try in ${event.retryMs} ms.`,
      );
    } else if (event.kind === 'server-down') this.#serverDown(event, stage);
    else if (event.kind === 'server-up') this.#serverUp(event.server, stage);
  }

  cascade(event: CascadeEvent): void {
    const { stage } = event;
    const model = modelOf(stage);
    if (event.kind === 'stage-down') {
      if (this.#lost.has(model)) {
        this.#implied.add(stage);
        return;
      }
      this.#said.add(stage);
      this.#note(
        'warning',
        `The stage ${stage} does not answer (${event.reason}); the others answer without it until it is back.`,
      );
    } else if (this.#implied.delete(stage)) {
      const lost = this.#lost.get(model);
      if (lost !== undefined) this.#back(lost.server, model);
    } else if (this.#said.delete(stage)) this.#note('info', `The stage ${stage} answers again.`);
  }

  #serverDown(
    { server, reason }: Extract<EngineEvent, { kind: 'server-down' }>,
    stage: string | undefined,
  ): void {
    if (stage === undefined) {
      this.#note('warning', `The inference server ${server} does not answer (${reason}).`);
    } else if (!this.#said.has(stage) && !this.#lost.has(stage)) {
      this.#lost.set(stage, { server, reason });
      this.#note(
        'warning',
        `The inference server ${server} of the stage ${stage} does not answer (${reason}); the other stages answer without it until it is back.`,
      );
    }
  }

  #serverUp(server: string, stage: string | undefined): void {
    if (stage === undefined) this.#note('info', `The inference server ${server} answers again.`);
    // A stage that is left alone is back when it has answered a trial.
    else if (this.#lost.has(stage) && ![...this.#implied].some((name) => modelOf(name) === stage))
      this.#back(server, stage);
  }

  #back(server: string, stage: string): void {
    this.#lost.delete(stage);
    this.#note('info', `The inference server ${server} of the stage ${stage} answers again.`);
  }
}

/** Behind the plus sign is what a stage makes of its pictures; the model is that of the stage before it. */
function modelOf(stage: string): string {
  return stage.split('+')[0] ?? stage;
}
