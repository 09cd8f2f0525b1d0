import type { Classifier, ClassifierStats } from './types.ts';

interface Entry {
  readonly opened: Promise<Classifier>;
  classifier?: Classifier;
  users: number;
}

/**
 * Classifiers with several users, who need not know of each other: each is opened once and closed with its last user.
 * So a picture that comes to several of them is computed once.
 */
export class SharedClassifiers {
  readonly #entries = new Map<string | symbol, Entry>();

  /**
   * @param key what makes two classifiers the same: model, engine, device, server; a symbol of its own is never shared
   * @throws what `open` throws, to all who wait for it; the next one tries again
   */
  async open(key: string | symbol, open: () => Promise<Classifier>): Promise<Classifier> {
    const entry = this.#entries.get(key) ?? { opened: open(), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      entry.classifier = await entry.opened;
      return this.#handle(key, entry, entry.classifier);
    } catch (error) {
      this.#forget(key, entry);
      throw error;
    }
  }

  /** Figures of each that is open, once. */
  stats(): ClassifierStats[] {
    return [...this.#entries.values()].flatMap(({ classifier }) => classifier?.stats() ?? []);
  }

  #handle(key: string | symbol, entry: Entry, classifier: Classifier): Classifier {
    let closing: Promise<void> | undefined;
    return {
      info: classifier.info,
      predict: (image, options) => classifier.predict(image, options),
      stats: () => classifier.stats(),
      close: () => {
        closing ??= this.#leave(key, entry, classifier);
        return closing;
      },
    };
  }

  async #leave(key: string | symbol, entry: Entry, classifier: Classifier): Promise<void> {
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#forget(key, entry);
    await classifier.close();
  }

  #forget(key: string | symbol, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
