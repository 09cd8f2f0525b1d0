import type { Classifier } from './types.ts';

interface Entry {
  readonly opened: Promise<Classifier>;
  users: number;
}

/**
 * Classifiers with several users, who need not know of each other: each is opened once and closed with its last user.
 * So a picture that comes to several of them is computed once.
 */
export class SharedClassifiers {
  readonly #entries = new Map<string, Entry>();

  /**
   * @param key what makes two classifiers the same: model, engine, device, server
   * @throws what `open` throws, to all who wait for it; the next one tries again
   */
  async open(key: string, open: () => Promise<Classifier>): Promise<Classifier> {
    const entry = this.#entries.get(key) ?? { opened: open(), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      return this.#handle(key, entry, await entry.opened);
    } catch (error) {
      this.#forget(key, entry);
      throw error;
    }
  }

  /** How many classifiers are open. */
  get size(): number {
    return this.#entries.size;
  }

  #handle(key: string, entry: Entry, classifier: Classifier): Classifier {
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

  async #leave(key: string, entry: Entry, classifier: Classifier): Promise<void> {
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#forget(key, entry);
    await classifier.close();
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
