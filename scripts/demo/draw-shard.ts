import { open, writeFile } from 'node:fs/promises';
import { VIEW_BYTES, type ViewRow, type ViewSet, viewsOfScene } from './views.ts';

/** Child process of draw.ts: every `of`-th scene of a set, each view to its place in the shared file. */
const { set, file, shard, of } = JSON.parse(process.argv[2] ?? '{}') as {
  set: ViewSet;
  file: string;
  shard: number;
  of: number;
};
const perScene = set.conditions?.length ?? set.viewsPerScene;
const out = await open(file, 'r+');
const rows: [number, ViewRow][] = [];
for (let index = shard; index < set.scenes; index += of) {
  const views = await viewsOfScene(set, index);
  for (const [k, pixels] of views.pixels.entries()) {
    await out.write(pixels, 0, VIEW_BYTES, (index * perScene + k) * VIEW_BYTES);
  }
  rows.push(...views.rows.map((row, k): [number, ViewRow] => [index * perScene + k, row]));
}
await out.close();
await writeFile(`${file}.${shard}.json`, JSON.stringify(rows));
