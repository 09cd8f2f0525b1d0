import { type Entry, Repository } from './repository.ts';
import { type HubDouble, startHubDouble, TOKEN } from './server.ts';
import type { World } from './world.ts';

/** A dataset as somebody published it. */
export interface HubDataset {
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** As the card's front matter says. */
  readonly card?: object;
  /** Who may see it: everybody, or members of its owner. A gated one is seen by all and read by these. */
  readonly visibility?: 'public' | 'private' | 'gated';
  /** The automatic parquet form, on its own branch. */
  readonly converted?: Readonly<Record<string, Uint8Array>>;
}

/** From this size on a file is an object of the storage. */
const LARGE = 256;

export const STRANGER = 'hf_testtokenofastranger0000000000000';

/** A Hub with datasets, listed in small pages: `TOKEN` is of a member of all their owners, `STRANGER` of nobody’s. */
export async function startHubWith(datasets: Readonly<Record<string, HubDataset>>): Promise<HubDouble> {
  const owners = Object.keys(datasets).map((name) => name.split('/')[0] ?? '');
  const orgs = owners.map((name) => ({ name, roleInOrg: 'read' as const }));
  const hub = await startHubDouble({
    pageSize: 2,
    users: [
      { name: 'alice', orgs, tokens: { [TOKEN]: { role: 'read' } } },
      { name: 'mallory', tokens: { [STRANGER]: { role: 'read' } } },
    ],
  });
  for (const [name, dataset] of Object.entries(datasets)) await addDataset(hub, name, dataset);
  return hub;
}

/** @param name `owner/name` */
async function addDataset(world: World, name: string, dataset: HubDataset): Promise<void> {
  const { files, card = {}, visibility = 'public', converted } = dataset;
  const facts = { gated: visibility === 'gated', card };
  const repo = new Repository(name, visibility === 'private' ? 'private' : 'public', facts);
  repo.add('the files', '', await treeOf(world, files));
  if (converted) repo.branch('refs/convert/parquet', await treeOf(world, converted));
  world.repos.set(`datasets/${name}`, repo);
}

async function treeOf({ storage }: World, files: HubDataset['files']): Promise<Map<string, Entry>> {
  const tree = new Map<string, Entry>();
  for (const [path, bytes] of Object.entries(files)) {
    tree.set(
      path,
      bytes.length < LARGE
        ? { kind: 'content', content: Buffer.from(bytes) }
        : { kind: 'object', sha256: await storage.hold(bytes), bytes: bytes.length },
    );
  }
  return tree;
}
