import type { BundleInput } from '../../../bundle/index.ts';
import type { ErrorCode, ErrorDetails } from '../../../errors/index.ts';
import type { EngineBatch, EngineReport } from '../../engine.ts';
import type { OutputRule } from '../../probability.ts';
import type { Device } from '../../types.ts';
import type { ChatServerSpec } from '../openai/spec.ts';
import type { ServerSpec } from '../server/address.ts';
import type { ServerHealth } from '../server/health.ts';

/** What the engine process needs to know; plain data, checked before it is sent. */
export interface EngineSpec {
  /** The model for each device. */
  readonly modelPaths: Readonly<Record<Device, string>>;
  readonly input: BundleInput;
  readonly output: OutputRule & { readonly name: string };
  readonly device: Device | 'auto';
  readonly threads: number | 'auto';
  /** The most pixels of an image. */
  readonly pixels: number;
  /** The module to load as ONNX Runtime. */
  readonly runtime: string;
  /** Where the model runs, when it is not here; the pictures are still decoded here. */
  readonly server?: ServerSpec;
  /** A running engine that this one is to be like: nothing is measured again. */
  readonly like?: EngineReport;
}

/** What it needs to know to ask a chat model. */
export interface ChatSpec {
  readonly server: ChatServerSpec;
  /** The most pixels of an image. */
  readonly pixels: number;
  readonly like?: EngineReport;
}

/** One or the other. */
export type ProcessSpec =
  | { readonly kind: 'tensors'; readonly spec: EngineSpec }
  | { readonly kind: 'chat'; readonly spec: ChatSpec };

export type ToProcess = ({ readonly type: 'start' } & ProcessSpec) | { readonly type: 'stop' };

export type FromProcess =
  | { readonly type: 'ready'; readonly report: EngineReport }
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly next: string;
      readonly details: ErrorDetails;
    }
  | { readonly type: 'done'; readonly id: number; readonly batch: EngineBatch }
  | { readonly type: 'health'; readonly health: ServerHealth };

const typed = (message: unknown, types: readonly string[]): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'type' in message &&
  typeof message.type === 'string' &&
  types.includes(message.type);

/** Both ends are our own code of the same version, so the tag is all that is checked. */
export const isToProcess = (message: unknown): message is ToProcess => typed(message, ['start', 'stop']);
export const isFromProcess = (message: unknown): message is FromProcess =>
  typed(message, ['ready', 'failed', 'done', 'health']);
