import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { chatModelSize, kvBytesPerToken, sizeByName } from '../../src/serving/vram/weights.ts';

const folder = mkdtempSync(join(tmpdir(), 'sv72-weights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = {
  text_config: {
    num_hidden_layers: 36,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    head_dim: 128,
    hidden_size: 2560,
  },
};

function weights(at: string, sizes: readonly number[]): void {
  mkdirSync(at, { recursive: true });
  sizes.forEach((size, index) => {
    const path = join(at, `model-0000${index + 1}-of-0000${sizes.length}.safetensors`);
    writeFileSync(path, '');
    truncateSync(path, size);
  });
  writeFileSync(join(at, 'config.json'), JSON.stringify(config));
}

describe('how large a chat model is', () => {
  it('is what its files say, in a folder and among the downloads of the Hub', async () => {
    const own = join(folder, 'own');
    weights(own, [3e9, 1e9]);
    const size = { weightsBytes: 4e9, kvBytesPerToken: 147_456, from: 'files' };
    expect(await chatModelSize({ from: 'folder', path: own }, null, folder)).toEqual(size);

    const revision = 'a'.repeat(40);
    const root = join(folder, 'hub', 'models--Qwen--Qwen3-VL-4B-Instruct');
    weights(join(root, 'snapshots', revision), [3e9, 1e9]);
    mkdirSync(join(root, 'refs'));
    writeFileSync(join(root, 'refs', 'main'), revision);
    const hub = { from: 'hub', name: 'Qwen/Qwen3-VL-4B-Instruct' } as const;
    expect(await chatModelSize(hub, null, folder)).toEqual(size);
    // A download that is not whole says nothing.
    rmSync(join(root, 'snapshots', revision, 'model-00002-of-00002.safetensors'));
    expect(await chatModelSize(hub, null, folder)).toMatchObject({ from: 'name' });
    expect(await chatModelSize(hub, 7e9, folder)).toMatchObject({ weightsBytes: 7e9, from: 'settings' });
  });

  it('is an upper bound by its name, and asked for where that does not tell', async () => {
    expect(sizeByName('Qwen/Qwen3-VL-8B-Instruct')?.weightsBytes).toBeGreaterThan(17.5e9);
    expect(sizeByName('Qwen/Qwen3-VL-8B-Instruct-FP8')?.weightsBytes).toBeLessThan(12e9);
    expect(sizeByName('cyankiwi/Qwen3.5-4B-AWQ-4bit')?.weightsBytes).toBeLessThan(4.5e9);
    expect(sizeByName('Qwen/Qwen3.5-0.8B')?.weightsBytes).toBeLessThan(3e9);
    expect(sizeByName('zai-org/GLM-4.6V-Flash')).toBeUndefined();
    const unknown = { from: 'hub', name: 'zai-org/GLM-4.6V-Flash' } as const;
    await expect(chatModelSize(unknown, null, folder)).rejects.toMatchObject({ code: 'ERR_SERVING_WEIGHTS' });
    await expect(
      chatModelSize({ from: 'folder', path: join(folder, 'none') }, null, folder),
    ).rejects.toMatchObject({ code: 'ERR_SERVING_WEIGHTS' });
  });

  it('counts only layers with attention, and survives any config.json', () => {
    const layers = Array.from({ length: 32 }, (_, index) =>
      index % 4 === 3 ? 'full_attention' : 'linear_attention',
    );
    expect(
      kvBytesPerToken({ num_hidden_layers: 32, num_key_value_heads: 4, head_dim: 256, layer_types: layers }),
    ).toBe(2 * 8 * 4 * 256 * 2);
    expect(kvBytesPerToken({ num_hidden_layers: 12, num_attention_heads: 12, hidden_size: 768 })).toBe(
      36_864,
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = kvBytesPerToken(value);
        expect(bytes === undefined || bytes > 0).toBe(true);
      }),
    );
  });
});
