// The parts of chopsticks and ws that are used. They are loaded from the user's folder, so their own types are not here.

/** What chopsticks asks of the chain that is forked. */
export interface Remote {
  getKeysPaged(prefix: string, pageSize: number, startKey: string, hash: string): Promise<string[]>;
  getStorageBatch(prefix: string, keys: readonly string[], hash: string): Promise<[string, string | null][]>;
}

/** Where chopsticks looks before it asks the endpoint. */
export interface ForkDatabase {
  close(): Promise<void>;
  saveBlock(): Promise<void>;
  queryBlock(): Promise<null>;
  queryBlockByNumber(): Promise<null>;
  queryHighestBlock(): Promise<null>;
  deleteBlock(): Promise<void>;
  blocksCount(): Promise<number>;
  saveStorage(block: string, key: string, value: string | null): Promise<void>;
  queryStorage(block: string, key: string): Promise<{ value: string | null } | null>;
}

interface ForkedBlock {
  readonly hash: string;
  readonly number: number;
  readonly extrinsics: Promise<readonly string[]>;
  readonly runtimeVersion: Promise<unknown>;
}

export interface ForkedChain {
  readonly api: Remote;
  readonly head: ForkedBlock;
  readonly txPool: {
    readonly pendingExtrinsics: readonly string[];
    clear(): void;
  };
  newBlockWithParams(params: {
    transactions: readonly string[];
    upwardMessages: object;
    downwardMessages: readonly never[];
    horizontalMessages: object;
  }): Promise<ForkedBlock>;
  dryRunExtrinsic(extrinsic: string): Promise<{ outcome: { toString(): string } }>;
}

export interface Subscriptions {
  subscribe(method: string, id: string, onCancel?: () => void): (data: unknown) => void;
  unsubscribe(id: string): void;
}

type Handler = (
  context: { chain: ForkedChain },
  params: readonly unknown[],
  subscriptions: Subscriptions,
) => Promise<unknown>;

export interface Chopsticks {
  setup(options: {
    endpoint: string;
    block: string;
    buildBlockMode: 'Manual';
    mockSignatureHost: boolean;
    allowUnresolvedImports: boolean;
    rpcTimeout: number;
    db: ForkDatabase;
    saveBlocks: boolean;
    hooks: { apiFetching(): void };
  }): Promise<ForkedChain>;
  readonly allHandlers: Readonly<Record<string, Handler>>;
}

export interface Socket {
  on(event: 'message', listener: (data: { toString(): string }) => void): void;
  on(event: 'close' | 'error', listener: () => void): void;
  send(text: string): void;
}

export interface SocketServer {
  on(event: 'connection', listener: (socket: Socket) => void): void;
  on(event: 'listening' | 'error', listener: (error?: Error) => void): void;
  address(): { port: number } | string | null;
}

export interface WebSockets {
  readonly WebSocketServer: new (options: { host: string; port: number; maxPayload: number }) => SocketServer;
}
