/** What an endpoint does wrong on command. Everything is off until asked for. */
export class Misbehaviour {
  #drops = 0;
  #hung = new Set<string>();
  #allHung = false;
  #missing = new Set<string>();
  #refusedHandshakes = 0;
  #limited = 0;
  #slowMs = 0;
  #closesAfter: { readonly method: string; readonly answered: boolean } | undefined;
  readonly #closeAll: () => void;

  constructor(closeAll: () => void) {
    this.#closeAll = closeAll;
  }

  /** The next submissions are taken and never heard of again: no status, not in the pool. */
  dropNext(count = 1): void {
    this.#drops += count;
  }

  /** No answer to this method any more, or to any. */
  hang(method?: string): void {
    if (method === undefined) this.#allHung = true;
    else this.#hung.add(method);
  }

  /** This method is not known any more, as with a proxy that lets only some through. */
  lack(method: string): void {
    this.#missing.add(method);
  }

  /** The next WebSocket handshakes are answered with HTTP 429. */
  refuse429(count = 1): void {
    this.#refusedHandshakes += count;
  }

  /** The next calls are answered with JSON-RPC's rate limit error. */
  rateLimit(count = 1): void {
    this.#limited += count;
  }

  /** Every answer takes this long. */
  slow(ms: number): void {
    this.#slowMs = ms;
  }

  /** Closes all connections of this endpoint at once. */
  closeSocket(): void {
    this.#closeAll();
  }

  /** Closes the connection when this method is called next: before its answer, or after it was done and before it is told. */
  closeOn(method: string, options: { readonly done?: boolean } = {}): void {
    this.#closesAfter = { method, answered: options.done ?? false };
  }

  /** Behaves again. */
  stop(): void {
    this.#drops = 0;
    this.#hung.clear();
    this.#allHung = false;
    this.#missing.clear();
    this.#refusedHandshakes = 0;
    this.#limited = 0;
    this.#slowMs = 0;
    this.#closesAfter = undefined;
  }

  get slowMs(): number {
    return this.#slowMs;
  }

  hangs(method: string): boolean {
    return this.#allHung || this.#hung.has(method);
  }

  lacks(method: string): boolean {
    return this.#missing.has(method);
  }

  takesDrop(): boolean {
    if (this.#drops === 0) return false;
    this.#drops--;
    return true;
  }

  takesHandshake(): boolean {
    if (this.#refusedHandshakes === 0) return false;
    this.#refusedHandshakes--;
    return true;
  }

  takesLimit(): boolean {
    if (this.#limited === 0) return false;
    this.#limited--;
    return true;
  }

  /** `before`: close instead of doing it; `after`: do it, then close instead of answering. */
  takesClose(method: string): 'before' | 'after' | undefined {
    if (this.#closesAfter?.method !== method) return undefined;
    const { answered } = this.#closesAfter;
    this.#closesAfter = undefined;
    return answered ? 'after' : 'before';
  }
}
