import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MadeView } from './make.ts';
import type { FromMaker, MakeOrder } from './messages.ts';
import type { Picture } from './picture.ts';
import type { ViewRecipe } from './views.ts';

/** A picture of which no views can be made. */
export class UnreadablePicture extends Error {}

/** Pictures that one process has at a time: the second is there when the first is done. */
const AHEAD = 2;
/** A child needs no secrets. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|LD_LIBRARY_PATH|SYSTEMROOT)$/i;

/** Processes that turn pictures into views. They start with the first order. */
export class ViewMakers {
  readonly #slots: Slot[];
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, () => ({ maker: undefined, orders: 0 }));
  }

  /** How many pictures to have in work at a time. */
  get capacity(): number {
    return this.#slots.length * AHEAD;
  }

  /** Of the processes that run. */
  get pids(): number[] {
    return this.#slots.flatMap(({ maker }) => maker?.pid ?? []);
  }

  /**
   * The views of a picture, each handed to `onView` with its place in `recipes` as soon as it is made.
   *
   * @throws UnreadablePicture also when the process died of it; what `picture.read` throws
   */
  async make(
    picture: Picture,
    recipes: readonly ViewRecipe[],
    onView: (index: number, view: MadeView) => void,
  ): Promise<void> {
    const slot = await this.#freeSlot();
    try {
      const bytes = await picture.read();
      slot.maker ??= new Maker(() => {
        slot.maker = undefined;
      });
      const { objects, name } = picture;
      await slot.maker.make({ bytes, objects, recipes, name }, onView);
    } finally {
      slot.orders -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Ends all processes, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map(({ maker }) => maker?.close()));
  }

  async #freeSlot(): Promise<Slot> {
    for (;;) {
      const [slot] = this.#slots.filter(({ orders }) => orders < AHEAD).sort((a, b) => a.orders - b.orders);
      if (slot !== undefined) {
        slot.orders += 1;
        return slot;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

interface Slot {
  maker: Maker | undefined;
  orders: number;
}

interface Pending {
  readonly onView: (index: number, view: MadeView) => void;
  next: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class Maker {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #gone: Promise<void>;
  #next = 0;

  constructor(onGone: () => void) {
    this.#child = fork(childFile(), [], {
      serialization: 'advanced',
      execArgv: [],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message: FromMaker) => this.#receive(message));
    this.#gone = new Promise((resolve) => {
      const end = (how: string) => {
        onGone();
        for (const { reject } of this.#pending.values()) {
          reject(new UnreadablePicture(`the process that made its views ${how}`));
        }
        this.#pending.clear();
        resolve();
      };
      this.#child.on('error', (error) => end(`could not be started (${error.message})`));
      this.#child.on('exit', (code, signal) =>
        end(signal ? `was ended by ${signal}` : `ended with code ${code}`),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  make(order: Omit<MakeOrder, 'id'>, onView: Pending['onView']): Promise<void> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { onView, next: 0, resolve, reject });
      // A failure shows as the end of the process.
      this.#child.send({ id, ...order }, () => {});
    });
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #receive(message: FromMaker): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.type === 'view') {
      const { jpeg, width, height } = message;
      pending.onView(pending.next++, { jpeg, width, height });
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'end') pending.resolve();
    else pending.reject(new UnreadablePicture(message.reason));
  }
}

function childFile(): string {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`child${ending}`, import.meta.url));
}
