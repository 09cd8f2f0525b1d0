import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../config/index.ts';
import { isSs58 } from '../wallet/index.ts';
import type { ChainView, Member } from './view.ts';

/** What is kept of a view: what makes a miner independent of the endpoint for a while. */
export type KeptView = Pick<
  ChainView,
  'genesisHash' | 'netuid' | 'block' | 'readAt' | 'blockMs' | 'members'
> & {
  /** Names and URLs under which the chain was reached. */
  readonly networks: readonly string[];
};

const FORMAT = 1;
const MOST_BYTES = 8 << 20;
const MOST_NETWORKS = 16;
/** A list from the future was written by a wrong clock, or the clock is wrong now: its age cannot be told. */
const CLOCK_ERROR_MS = 3_600_000;

/**
 * Keeps a view on disk, one file for each chain and subnet, readable by this user only.
 * @throws ERR_FILE_WRITE
 */
export async function keepView(folder: string, view: ChainView): Promise<void> {
  const path = join(folder, fileOf(view));
  const before = await readKept(path);
  const networks = [...new Set([view.network, ...(before?.networks ?? [])])].slice(0, MOST_NETWORKS);
  const { genesisHash, netuid, block, readAt, blockMs } = view;
  const members = view.members.map(({ uid, hotkey, stake, permit }) => [uid, hotkey, String(stake), permit]);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(
    path,
    `${JSON.stringify({ format: FORMAT, networks, genesisHash, netuid, block, readAt, blockMs, members })}\n`,
  );
}

/** The newest view kept of a subnet of this network; undefined when there is none that can be read. */
export async function keptView(
  folder: string,
  wanted: { readonly network: string; readonly netuid: number },
  now: number = Date.now(),
): Promise<KeptView | undefined> {
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(
    names
      .filter((name) => name.endsWith(`-${wanted.netuid}.json`))
      .map((name) => readKept(join(folder, name))),
  );
  return all
    .filter((kept) => kept !== undefined)
    .filter(({ networks, netuid }) => netuid === wanted.netuid && networks.includes(wanted.network))
    .filter(({ readAt }) => readAt <= now + CLOCK_ERROR_MS)
    .sort((a, b) => b.readAt - a.readAt)[0];
}

function fileOf({ genesisHash, netuid }: Pick<ChainView, 'genesisHash' | 'netuid'>): string {
  return `${genesisHash.slice(2, 18)}-${netuid}.json`;
}

async function readKept(path: string): Promise<KeptView | undefined> {
  try {
    const { size } = await stat(path);
    return size > MOST_BYTES ? undefined : parseKept(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A kept file's content, undefined when any of it is not as it was written. Never throws. */
export function parseKept(text: string): KeptView | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.format !== FORMAT) return undefined;
  const { genesisHash, netuid, block, readAt, blockMs, networks, members: rows } = value;
  if (typeof genesisHash !== 'string' || !/^0x[0-9a-f]{64}$/.test(genesisHash)) return undefined;
  if (!isCount(netuid) || !isCount(block) || !isCount(readAt) || !isCount(blockMs)) return undefined;
  if (!Array.isArray(networks) || !networks.every((one) => typeof one === 'string')) return undefined;
  if (!Array.isArray(rows) || rows.length > 65_536) return undefined;
  const members: Member[] = [];
  for (const row of rows) {
    const member = memberOf(row);
    if (member === undefined) return undefined;
    members.push(member);
  }
  return { genesisHash, netuid, block, readAt, blockMs, networks, members };
}

function memberOf(row: unknown): Member | undefined {
  if (!Array.isArray(row)) return undefined;
  const [uid, hotkey, stake, permit]: unknown[] = row;
  if (!isCount(uid) || typeof hotkey !== 'string' || !isSs58(hotkey)) return undefined;
  if (typeof stake !== 'string' || !/^\d{1,20}$/.test(stake) || typeof permit !== 'boolean') return undefined;
  return { uid, hotkey, stake: BigInt(stake), permit };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
