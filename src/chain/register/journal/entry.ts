import { Sv72Error } from '../../../errors/index.ts';
import type { Hex, SignedInfo } from '../../types.ts';

/** How a registration is had: by paying the price, or by proof of work. */
export type Way = 'burn' | 'pow';

/** What is noted of a registration before it is sent: enough to find out later whether it happened. */
export interface JournalEntry {
  /** Unix time in ms. */
  readonly writtenAt: number;
  readonly network: string;
  readonly netuid: number;
  readonly hotkey: string;
  /** The account that pays and will own the hotkey. */
  readonly coldkey: string;
  readonly way: Way;
  /** The ceiling in rao that was agreed to; undefined with proof of work. */
  readonly ceiling: bigint | undefined;
  /** The extrinsic as signed; its bytes are public. */
  readonly extrinsic: SignedInfo;
}

const VERSION = 1;

export function entryText(entry: JournalEntry): string {
  const { ceiling, ...rest } = entry;
  return `${JSON.stringify({ version: VERSION, ...rest, ceilingRao: ceiling?.toString() ?? null }, null, 2)}\n`;
}

/**
 * @param path the file, for the message
 * @throws ERR_REGISTRATION_JOURNAL when the text is no entry: then nothing may be signed
 */
export function parseEntry(text: string, path: string): JournalEntry {
  const refuse = (cause?: unknown): never => {
    throw new Sv72Error(
      'ERR_REGISTRATION_JOURNAL',
      `The note of an earlier registration in ${path} cannot be read.`,
      {
        details: { path },
        cause,
      },
    );
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return refuse(error);
  }
  const at = reader(parsed, refuse);
  const extrinsic = reader(at.any('extrinsic'), refuse);
  const birth = reader(extrinsic.any('birth'), refuse);
  if (at.integer('version') !== VERSION) refuse();
  const way = at.text('way');
  const ceiling = at.any('ceilingRao');
  if (way !== 'burn' && way !== 'pow') return refuse();
  if (ceiling !== null && !(typeof ceiling === 'string' && /^\d{1,20}$/.test(ceiling))) return refuse();
  return {
    writtenAt: at.integer('writtenAt'),
    network: at.text('network'),
    netuid: at.integer('netuid'),
    hotkey: at.text('hotkey'),
    coldkey: at.text('coldkey'),
    way,
    ceiling: ceiling === null ? undefined : BigInt(ceiling),
    extrinsic: {
      hash: extrinsic.hex('hash'),
      hex: extrinsic.hex('hex'),
      signer: extrinsic.text('signer'),
      nonce: extrinsic.integer('nonce'),
      birth: { hash: birth.hex('hash'), number: birth.integer('number') },
      death: extrinsic.integer('death'),
      spec: extrinsic.integer('spec'),
      genesisHash: extrinsic.hex('genesisHash'),
    },
  };
}

/** Fields of an object of unknown form, each of the type asked for. */
function reader(value: unknown, refuse: () => never) {
  const record: object = typeof value === 'object' && value !== null ? value : refuse();
  const any = (name: string): unknown => Object.entries(record).find(([key]) => key === name)?.[1];
  return {
    any,
    text(name: string): string {
      const found = any(name);
      return typeof found === 'string' && found !== '' ? found : refuse();
    },
    integer(name: string): number {
      const found = any(name);
      return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : refuse();
    },
    hex(name: string): Hex {
      const found = any(name);
      return typeof found === 'string' && isHex(found) ? found : refuse();
    },
  };
}

const isHex = (text: string): text is Hex => /^0x([0-9a-f]{2})+$/.test(text);
