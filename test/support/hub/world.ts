import type { ServerResponse } from 'node:http';
import type { Fault, Faults, Step } from './faults.ts';
import type { HubUser } from './people.ts';
import type { Repository } from './repository.ts';
import type { Storage } from './storage.ts';

/** One request that came in. */
export interface Seen {
  readonly step: Step;
  readonly method: string;
  readonly path: string;
  /** Whether a token came with it. */
  readonly authorized: boolean;
  readonly range: string | undefined;
}

/** What routes work with. */
export interface World {
  readonly users: readonly HubUser[];
  readonly repos: Map<string, Repository>;
  readonly storage: Storage;
  readonly faults: Faults;
  readonly chunkBytes: number | undefined;
  readonly pageSize: number;
  url: string;
  storageUrl: string;
}

/** An answer, made but not sent. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | object | string;
  /** Sends the body by itself: a file, or one that breaks off. */
  readonly stream?: (response: ServerResponse) => Promise<void>;
}

export interface Route {
  readonly step: Step;
  /** @param fault what is to go wrong inside */
  handle(body: Buffer, fault: Fault | undefined): Promise<Reply> | Reply;
  /** Bodies that are not read before `handle`. */
  readonly raw?: boolean;
}
