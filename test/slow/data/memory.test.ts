import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';

const ROWS = 100;
const SHARDS = 8;

test('an import of many large shards takes no more memory than a few row groups', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sv72-memory-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const picture = await sharp({
    create: { width: 1_000, height: 800, channels: 3, background: '#888', noise },
  })
    .jpeg({ quality: 95 })
    .toBuffer();
  for (let shard = 0; shard < SHARDS; shard++) {
    const data = Array.from({ length: ROWS }, (_, row) => withComment(picture, `${shard} ${row}`));
    const labels = Array.from({ length: ROWS }, (_, row) => row % 2);
    const buffer = parquetWriteBuffer({
      columnData: [
        {
          name: 'image',
          data,
          type: 'BYTE_ARRAY',
          encoding: 'PLAIN',
          codec: 'UNCOMPRESSED',
          offsetIndex: false,
        },
        { name: 'label', data: labels, type: 'INT32' },
      ],
      rowGroupSize: 50,
      statistics: false,
    });
    writeFileSync(join(root, `train-${shard}.parquet`), Buffer.from(buffer));
  }
  const script = `
    import { importDataset } from '${join(import.meta.dirname, '..', '..', '..', 'src', 'data', 'index.ts')}';
    const { dataset } = await importDataset({ inputs: [process.argv[1]], dir: process.argv[1] + '/set',
      made: { by: 'test', command: null }, licence: 'CC0-1.0' });
    console.log(JSON.stringify({ pictures: dataset.manifest.counts.pictures, bytes: dataset.manifest.counts.bytes,
      rss: process.resourceUsage().maxRSS / 1024 }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, root], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { pictures, bytes, rss } = JSON.parse(stdout);
  expect(pictures).toBe(ROWS * SHARDS);
  expect(bytes).toBeGreaterThan(550e6);
  expect(rss).toBeLessThan(450);
});

/** The same picture with other bytes: a comment after the first marker. */
function withComment(jpeg: Uint8Array, text: string): Uint8Array {
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}
