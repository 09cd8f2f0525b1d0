import { Sv72Error } from '../../errors/index.ts';
import { asList, asNumber, asVariant, fieldOf } from '../plain.ts';
import type { Plain, PlainInput, Reads } from '../types.ts';

const PALLET = 'Commitments';
/** A field of a commitment holds so many bytes as Raw, and so many as BigRaw where the runtime has it. */
const RAW = 128;
const BIG_RAW = 512;
/** Every commitment counts as at least so many bytes (subtensor, pallets/commitments: set_commitment). */
const LEAST_COUNTED = 100;

export interface Commitment {
  readonly block: number;
  /** The fields as text; undefined for one that is no text: a hash, or sealed. */
  readonly text: string | undefined;
  /** Kinds of the fields, such as Raw41, Sha256, TimelockEncrypted. */
  readonly kinds: readonly string[];
}

/** What a hotkey has committed on a subnet; undefined when nothing is. */
export async function readCommitment(
  reads: Reads,
  netuid: number,
  hotkey: string,
): Promise<Commitment | undefined> {
  const value = await reads.storage(PALLET, 'CommitmentOf', netuid, hotkey);
  return value === undefined ? undefined : commitment(value);
}

/** All commitments on a subnet, by hotkey. */
export async function readCommitments(
  reads: Reads,
  netuid: number,
): Promise<readonly { readonly hotkey: string; readonly commitment: Commitment }[]> {
  const entries = await reads.entries(PALLET, 'CommitmentOf', netuid);
  return entries.map(({ keys, value }) => ({ hotkey: String(keys.at(-1)), commitment: commitment(value) }));
}

function commitment(value: Plain): Commitment {
  const info = fieldOf(value, 'info', 'commitment');
  const list = Array.isArray(info) ? info : asList(fieldOf(info, 'fields', 'commitment'), 'commitment');
  const fields = list.map((field) => asVariant(field, 'commitment'));
  const texts = fields.map(({ type, value: bytes }) => (/^(Big)?Raw/.test(type) ? text(bytes) : undefined));
  return {
    block: asNumber(fieldOf(value, 'block', 'commitment'), 'commitment.block'),
    text: texts.every((part) => part !== undefined) ? texts.join('') : undefined,
    kinds: fields.map(({ type }) => type),
  };
}

/** UTF-8 of a field, undefined when it is something else. */
function text(value: Plain): string | undefined {
  if (value === undefined) return '';
  const bytes =
    typeof value === 'string' && value.startsWith('0x')
      ? Buffer.from(value.slice(2), 'hex')
      : Array.isArray(value)
        ? Buffer.from(value.map((byte) => asNumber(byte, 'commitment')))
        : undefined;
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export interface CommitmentSpace {
  /** Bytes that this hotkey may commit in an epoch of the subnet. */
  readonly limit: number;
  readonly used: number;
  readonly left: number;
}

/** How much of an epoch's space is left (subtensor, pallets/commitments: UsedSpaceOf, MaxSpace). */
export async function readCommitmentSpace(
  reads: Reads,
  netuid: number,
  hotkey: string,
): Promise<CommitmentSpace | undefined> {
  if (!reads.has.storage(PALLET, 'MaxSpace')) return undefined;
  const [max, used, epochs] = await Promise.all([
    reads.storage(PALLET, 'MaxSpace'),
    reads.storage(PALLET, 'UsedSpaceOf', netuid, hotkey),
    epochNumbers(reads, netuid),
  ]);
  const limit = asNumber(max, 'MaxSpace');
  const usedIn =
    used === undefined
      ? undefined
      : asNumber(fieldOf(used, 'last_epoch', 'UsedSpaceOf'), 'UsedSpaceOf.last_epoch');
  const inThisEpoch = usedIn !== undefined && epochs.includes(usedIn);
  const spent = inThisEpoch ? asNumber(fieldOf(used, 'used_space', 'UsedSpaceOf'), 'UsedSpaceOf') : 0;
  return { limit, used: spent, left: Math.max(0, limit - spent) };
}

/**
 * Numbers that the epoch may have for the pallet: (block + netuid + 1) / (tempo + 1) (subtensor: get_epoch_index), and on
 * runtimes that count epochs the subnet's index. They lie so far apart that one is not taken for the other.
 */
async function epochNumbers(reads: Reads, netuid: number): Promise<number[]> {
  const [block, tempo, index] = await Promise.all([
    reads.storage('System', 'Number'),
    reads.storage('SubtensorModule', 'Tempo', netuid),
    reads.has.storage('SubtensorModule', 'SubnetEpochIndex')
      ? reads.storage('SubtensorModule', 'SubnetEpochIndex', netuid)
      : undefined,
  ]);
  const byBlock = Math.floor(
    (asNumber(block, 'System.Number') + netuid + 1) / (asNumber(tempo, 'Tempo') + 1),
  );
  return index === undefined ? [byBlock] : [byBlock, asNumber(index, 'SubnetEpochIndex')];
}

/**
 * The chain's form of a text to commit: one Raw field, or BigRaw beyond 128 bytes.
 * @throws ERR_COMMITMENT when it is empty, too long for a field, or for the space left
 */
export function commitmentInfo(
  content: string,
  { space, bigRaw }: { readonly space?: CommitmentSpace | undefined; readonly bigRaw: boolean },
): { readonly info: PlainInput; readonly bytes: number; readonly counted: number } {
  const bytes = new TextEncoder().encode(content);
  const most = bigRaw ? BIG_RAW : RAW;
  if (bytes.length === 0) throw new Sv72Error('ERR_COMMITMENT', 'There is nothing to commit.');
  if (bytes.length > most) {
    throw new Sv72Error(
      'ERR_COMMITMENT',
      `The text has ${bytes.length} bytes, and a commitment holds ${most}.`,
    );
  }
  const counted = Math.max(LEAST_COUNTED, bytes.length);
  if (space && counted > space.left) {
    throw new Sv72Error(
      'ERR_COMMITMENT',
      `This epoch’s space is used up: ${space.left} of ${space.limit} bytes are left, and this commitment counts as ${counted}.`,
      { next: 'Wait for the next epoch; `sv72 commit show` tells how much is left.' },
    );
  }
  const field =
    bytes.length <= RAW ? { type: `Raw${bytes.length}`, value: bytes } : { type: 'BigRaw', value: bytes };
  return { info: { fields: [field] }, bytes: bytes.length, counted };
}

/** A model as subnets expect it in a commitment: `user/name` or `user/name:revision`, on Hugging Face. */
export function isModelId(content: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,95}\/[\w.-]{1,96}(:[\w./-]{1,96})?$/.test(content) && !content.includes('..');
}
