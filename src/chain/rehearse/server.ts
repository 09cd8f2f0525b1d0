import type { Chopsticks, ForkedChain, Socket, SocketServer, Subscriptions } from './chopsticks.ts';

const SUBMISSIONS = new Set(['author_submitExtrinsic', 'author_submitAndWatchExtrinsic']);

export interface ForkServerOptions {
  readonly handlers: Chopsticks['allHandlers'];
  readonly chain: ForkedChain;
  /** Builds a block of what the pool holds. */
  build(): Promise<void>;
  /** Something went wrong that is no answer of the chain. */
  fail(error: unknown): void;
}

/** Serves a fork as a node serves its chain: JSON-RPC over WebSockets, with a block for every extrinsic that is sent. */
export function serveFork(server: SocketServer, options: ForkServerOptions): void {
  const { handlers, chain } = options;
  server.on('connection', (socket) => {
    const subscriptions = subscriptionsOf(socket);
    socket.on('error', () => {});
    socket.on('close', () => subscriptions.end());
    socket.on('message', (data) => {
      const call = parse(data.toString());
      if (call !== undefined) void respond(call);
    });

    async function respond({ id, method, params }: Call): Promise<void> {
      const submits = SUBMISSIONS.has(method);
      const reply = (answer: object) => socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
      try {
        const handler = handlers[method];
        if (handler === undefined) return reply({ error: { code: -32601, message: `no method ${method}` } });
        reply({ result: (await handler({ chain }, params, subscriptions)) ?? null });
      } catch (error) {
        if (submits && !isRefusal(error)) return options.fail(error);
        return reply({ error: asRpcError(error) });
      }
      if (submits) await options.build().catch(options.fail);
    }
  });
}

interface Call {
  readonly id: number | string;
  readonly method: string;
  readonly params: readonly unknown[];
}

function parse(text: string): Call | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('id' in value) || !('method' in value))
    return undefined;
  const { id, method } = value;
  if ((typeof id !== 'number' && typeof id !== 'string') || typeof method !== 'string') return undefined;
  const params = 'params' in value && Array.isArray(value.params) ? value.params : [];
  return { id, method, params };
}

/** A refusal by the runtime is spelled as JSON (`{"invalid":{"payment":null}}`); a trap of the runtime is not. */
function isRefusal(error: unknown): boolean {
  return asRpcError(error).message.startsWith('{');
}

function asRpcError(error: unknown): { code: number; message: string } {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const code = 'code' in error && typeof error.code === 'number' ? error.code : -32603;
    return { code, message: String(error.message) };
  }
  return { code: -32603, message: String(error) };
}

function subscriptionsOf(socket: Socket): Subscriptions & { end(): void } {
  const cancels = new Map<string, () => void>();
  const unsubscribe = (id: string) => {
    const cancel = cancels.get(id);
    cancels.delete(id);
    cancel?.();
  };
  return {
    subscribe(method, id, onCancel = () => {}) {
      cancels.set(id, onCancel);
      return (result) => {
        if (!cancels.has(id)) return;
        socket.send(JSON.stringify({ jsonrpc: '2.0', method, params: { result, subscription: id } }));
      };
    },
    unsubscribe,
    end() {
      for (const id of [...cancels.keys()]) unsubscribe(id);
    },
  };
}
