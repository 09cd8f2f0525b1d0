import type { Classifier, Prediction, PredictOptions } from '../inference/index.ts';

/** Which model it is, for people and records. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** Folder of the bundle. */
  readonly dir: string;
  /** SHA-256 of its sv72.json, which lists the hashes of everything else. */
  readonly manifestSha256: string;
}

/** A model that is loaded and warm. */
export interface LoadedModel {
  readonly identity: ModelIdentity;
  readonly classifier: Classifier;
}

/** A loaded model that knows what it is working on, so that it can be put away without losing an answer. */
export class Running {
  readonly identity: ModelIdentity;
  readonly classifier: Classifier;
  #underWay = 0;
  #idle: (() => void) | undefined;

  constructor({ identity, classifier }: LoadedModel) {
    this.identity = identity;
    this.classifier = classifier;
  }

  get underWay(): number {
    return this.#underWay;
  }

  async predict(image: Uint8Array, options: PredictOptions): Promise<Prediction> {
    this.#underWay += 1;
    try {
      return await this.classifier.predict(image, options);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#idle?.();
    }
  }

  /** Ends its processes once everything it was given is answered. Nothing new may be given to it. */
  async retire(): Promise<void> {
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.classifier.close();
  }
}
