import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WriteBundleOptions } from '../../src/bundle/index.ts';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const manifest: WriteBundleOptions['manifest'] = {
  name: 'sample',
  version: '1.2.3-rc.1+build.5',
  description: 'For tests.',
  licence: 'Apache-2.0',
  input: {
    name: 'image',
    dtype: 'uint8',
    layout: 'nhwc',
    size: [224, 224],
    batch: { kind: 'dynamic', max: 16 },
    resize: { fit: 'stretch', kernel: 'linear', antialias: true },
  },
  output: { name: 'roadwork', kind: 'probability' },
  positive: { label: 'Roadwork' },
  provenance: { by: 'tests', at: '2026-11-21T01:02:03Z', from: 'nothing' },
};

export const files: WriteBundleOptions['files'] = [
  { path: 'model.onnx', role: 'model', precision: 'fp32', content: 'fp32 weights' },
  { path: 'int8/model.onnx', role: 'model', precision: 'int8', content: new Uint8Array([1, 2, 3]) },
  { path: 'README.md', role: 'readme', content: '# Sample\n' },
];
