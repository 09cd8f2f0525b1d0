import { MODULE } from './module.ts';

/** What is used of the engine's WebAssembly, which TypeScript only describes for browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface Address {
  readonly value: number;
}

/** Exports of assembly/verify.as, which says in what order to call them. Booleans are 0 or 1. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly publicKey: Address;
  readonly negated: Address;
  readonly signature: Address;
  readonly message: Address;
  readonly messageSize: Address;
  readonly table: Address;
  readonly tableSize: Address;
  initialize(): void;
  decodeKey(): number;
  buildKeyTable(kept: boolean): void;
  beginSignature(): number;
  beginMessage(length: number): void;
  continueMessage(length: number): void;
  endMessage(kept: boolean): number;
  multiply(out: number, f: number, g: number): void;
  square(out: number, f: number): void;
  pack(bytes: number, f: number): void;
  unpack(out: number, bytes: number): void;
  isScalar(bytes: number): number;
  reduceWide(out: number, bytes: number): void;
}

/** The arithmetic of signature checks, with places in its memory for what goes in and comes out. */
export interface Engine {
  readonly calls: Exports;
  readonly publicKey: Uint8Array;
  readonly negated: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly table: Uint8Array;
}

/** Compiles, and makes the base point's table: 2 ms on a cold start, 0.26 MB. */
export function startEngine(): Engine {
  const module = new WebAssembly.Module(Buffer.from(MODULE, 'base64'));
  const calls = new WebAssembly.Instance(module).exports as Exports;
  calls.initialize();
  const place = ({ value }: Address, length: number) => new Uint8Array(calls.memory.buffer, value, length);
  return {
    calls,
    publicKey: place(calls.publicKey, 32),
    negated: place(calls.negated, 64),
    signature: place(calls.signature, 64),
    message: place(calls.message, calls.messageSize.value),
    table: place(calls.table, calls.tableSize.value),
  };
}
