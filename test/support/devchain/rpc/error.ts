/** An error as JSON-RPC sends it. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: string | undefined;

  constructor(code: number, message: string, data?: string) {
    super(message);
    this.code = code;
    this.data = data;
  }

  toJSON() {
    return {
      code: this.code,
      message: this.message,
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }
}

export const invalidParams = (why: string): RpcError => new RpcError(-32602, 'Invalid params', why);
export const RATE_LIMITED = new RpcError(-32999, 'RPC rate limit exceeded');
