import type { ListeningAxon, MinerStatus } from './status.ts';

/** How long each step of an answer took, ms. */
interface StageTimes {
  readonly verifyMs: number | null;
  readonly bodyMs: number | null;
  readonly queueMs: number | null;
  readonly decodeMs: number | null;
  readonly inferMs: number | null;
  readonly totalMs: number;
}

/** One authenticated request and what was answered. */
export interface ChallengeEvent {
  readonly event: 'challenge';
  /** Unix time, ms. */
  readonly at: number;
  /** SS58 address of the hotkey that was asked. */
  readonly miner: string;
  /** Its name in the wallet. */
  readonly name: string;
  readonly validator: string;
  readonly protocol: 'axon' | 'btauth';
  readonly route: string;
  readonly address: string;
  /** Probability of roadwork; null when nothing could be answered. */
  readonly prediction: number | null;
  /** `model`, `cache`, `shared` or `prior`; null when nothing could be answered. */
  readonly source: string | null;
  readonly reason: string | null;
  /** Whose answer it is; null when nothing could be answered. */
  readonly model: { readonly name: string; readonly version: string } | null;
  readonly image: {
    readonly sha256: string | null;
    readonly bytes: number;
    readonly width: number | null;
    readonly height: number | null;
    readonly format: string | null;
  };
  readonly times: StageTimes;
}

/** Requests of one kind that were turned away since the last such event. */
export interface RefusedEvent {
  readonly event: 'refused';
  readonly at: number;
  /** SS58 address of the hotkey that was asked. */
  readonly miner: string;
  /** Its name in the wallet. */
  readonly name: string;
  readonly reason: string;
  readonly count: number;
  /** One of them. What it claims to be is not proved. */
  readonly example: {
    readonly address: string;
    readonly route: string;
    readonly claimedHotkey: string | null;
    readonly message: string;
  };
}

export interface ListeningEvent extends MinerStatus {
  readonly event: 'listening';
  readonly at: number;
  readonly axons: readonly ListeningAxon[];
}

/** Something the operator may want to know. */
export interface NoteEvent {
  readonly event: 'note';
  readonly at: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** Says something to the operator. */
export type Note = (level: NoteEvent['level'], message: string) => void;

export interface StoppedEvent {
  readonly event: 'stopped';
  readonly at: number;
  /** Name of the signal, or what else asked for it. */
  readonly why: string;
  /** True when a second signal cut the drain short. */
  readonly forced: boolean;
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  readonly uptimeS: number;
}

export type MinerEvent = ListeningEvent | ChallengeEvent | RefusedEvent | NoteEvent | StoppedEvent;
