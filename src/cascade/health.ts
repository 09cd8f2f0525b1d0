/** So many failures in a row, and a stage is left alone. */
const FAILURES = 3;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;

/** Whether a stage can be relied on. One that fails again and again rests, longer each time, and is then tried once. */
export class Health {
  #failures = 0;
  #restMs = FIRST_REST_MS;
  #restsUntil: number | undefined;
  #trying = false;

  get up(): boolean {
    return this.#restsUntil === undefined;
  }

  /** Whether a stage that is down may be tried now. Whoever is told so has to say what came of it. */
  mayTry(now: number): boolean {
    if (this.#restsUntil === undefined || this.#trying || now < this.#restsUntil) return false;
    this.#trying = true;
    return true;
  }

  /** @returns whether it was down until now */
  answered(): boolean {
    const wasDown = !this.up;
    this.#failures = 0;
    this.#restMs = FIRST_REST_MS;
    this.#restsUntil = undefined;
    this.#trying = false;
    return wasDown;
  }

  /** @returns whether it is down from now on */
  failed(now: number): boolean {
    if (!this.up) {
      // What was asked before it went down says nothing new.
      if (!this.#trying) return false;
      this.#restMs = Math.min(LONGEST_REST_MS, this.#restMs * 2);
      this.#restsUntil = now + this.#restMs;
      this.#trying = false;
      return false;
    }
    this.#failures += 1;
    if (this.#failures < FAILURES) return false;
    this.#restsUntil = now + this.#restMs;
    return true;
  }
}
