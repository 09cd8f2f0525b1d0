import type { ServerSpec } from '../server/address.ts';

/** Servers that know fields of their own beside those of OpenAI's API. */
export const VENDORS = ['vllm', 'sglang', 'max', 'llama.cpp', 'generic'] as const;
export type Vendor = (typeof VENDORS)[number];

/** What may be spent, in one currency of the user's choice. */
export interface Budget {
  /** Folder in which is written down what was spent; several processes may share it. */
  readonly folder: string;
  /** In a day (UTC); null: no limit. */
  readonly perDay: number | null;
  /** Of a million tokens that are sent, and that are answered. */
  readonly inputPrice: number;
  readonly outputPrice: number;
}

/** A chat model that sees pictures, on a server that speaks as OpenAI's does. */
export interface ChatServerSpec extends Omit<ServerSpec, 'model'> {
  /** Name of the model there; null: the only one that it has. */
  readonly model: string | null;
  /** Default `auto`: as the server calls itself, else `generic`. */
  readonly vendor?: Vendor | 'auto';
  /** The question beside the picture, to be answered Yes or No. Default: `QUESTION`. */
  readonly prompt?: string;
  /** Most tokens of an answer. Default 1. */
  readonly maxTokens?: number;
  /** Pictures that are asked about at the same time. Default 8. */
  readonly concurrency?: number;
  /** Longest side of the pictures that are sent, pixels. Default 1024. */
  readonly imageSide?: number;
  /** Default: nothing is counted. */
  readonly budget?: Budget;
}

export const QUESTION =
  'Is there roadwork (cones, barriers, work signs, machines or workers on or at the road) in this street image? Answer with one word: Yes or No.';
