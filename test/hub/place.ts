import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import {
  type NewBundleFile,
  type VerifiedBundle,
  type WriteBundleOptions,
  writeBundle,
} from '../../src/bundle/index.ts';
import {
  createHubClient,
  draftRelease,
  type HubClient,
  type HubOptions,
  HubToken,
  makeRelease,
  parseRepo,
  planUpload,
  type Release,
  type ReleaseDraft,
  type Uploaded,
  type UploadProgress,
  upload,
  type Visibility,
} from '../../src/hub/index.ts';
import { type Keypair, keypairFromSeed } from '../../src/wallet/index.ts';
import { type HubDouble, type HubDoubleOptions, startHubDouble, TOKEN } from '../support/hub/index.ts';

export const REPO = parseRepo('alice/roadwork');
/** Unix seconds. */
export const AT = 1_795_000_000;
/** Patience without pauses. */
const QUICK = { tries: 3, pauseMs: 0, longestPauseMs: 0 };

const TEMPLATE = new URL('../../templates/model-card/README.md', import.meta.url);

/** Weights in the form of safetensors: one tensor of so many bytes. */
export function safetensors(bytes: number): Buffer {
  const header = JSON.stringify({ head: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), randomBytes(bytes)]);
}

const TIMM = {
  architecture: 'test_vit',
  num_classes: 2,
  label_names: ['None', 'Roadwork'],
  model_args: { img_size: 224, num_classes: 2 },
  pretrained_cfg: { input_size: [3, 224, 224] },
};

export const FILES: readonly NewBundleFile[] = [
  { path: 'model.onnx', role: 'model', precision: 'fp32', content: randomBytes(50_000) },
  { path: 'README.md', role: 'readme', content: '# Trained on a rainy day\n\nIt was wet.\n' },
  { path: 'metrics.json', role: 'metrics', content: '{"mcc": 0.93}\n' },
  { path: 'LICENSE', role: 'licence', content: 'The licence of the starting weights.\n' },
  { path: 'engines/model.plan', role: 'engine', precision: 'fp16', content: 'for one GPU' },
  { path: 'checkpoint/model.safetensors', role: 'other', content: safetensors(30_000) },
  { path: 'checkpoint/config.json', role: 'other', content: JSON.stringify(TIMM) },
  { path: 'train.log', role: 'other', content: 'epoch 1\n' },
];

export const FIELDS: WriteBundleOptions['manifest'] = {
  name: 'roadwork-test',
  version: '1.2.0',
  description: 'Says whether a street picture shows | road works <now>.',
  licence: 'Apache-2.0',
  input: {
    name: 'image',
    dtype: 'uint8',
    layout: 'nhwc',
    size: [224, 224],
    batch: { kind: 'dynamic', max: 16 },
    resize: { fit: 'letterbox', kernel: 'linear', antialias: true },
  },
  output: { name: 'roadwork', kind: 'probability' },
  positive: { label: 'Roadwork' },
  metrics: [
    {
      dataset: 'street photographs',
      condition: 'generation 2',
      samples: 800,
      values: { accuracy: 0.96, mcc: 0.92 },
    },
  ],
  provenance: { by: 'tests', at: '2026-11-20T00:00:00Z', from: 'pictures of streets' },
};

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-hub-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function bundleOf(
  change: Partial<WriteBundleOptions['manifest']> = {},
  files: readonly NewBundleFile[] = FILES,
): Promise<VerifiedBundle> {
  const dir = join(await temporaryFolder(), 'bundle');
  return await writeBundle({ dir, manifest: { ...FIELDS, ...change }, files });
}

export const SIGNER: Keypair = keypairFromSeed(Buffer.alloc(32, 7));

export async function releaseOf(
  bundle: VerifiedBundle,
  options: Partial<Parameters<typeof makeRelease>[0]> = {},
): Promise<Release> {
  return await makeRelease({ ...(await unsigned(bundle)), signer: SIGNER, ...options });
}

/** The same release, by somebody whose key is locked. */
export async function draftOf(bundle: VerifiedBundle): Promise<ReleaseDraft> {
  return await draftRelease({ ...(await unsigned(bundle)), author: { ss58: SIGNER.ss58 } });
}

async function unsigned(bundle: VerifiedBundle) {
  return { bundle, repo: REPO.id, at: AT, tool: '0.0.0', template: await readFile(TEMPLATE, 'utf8') };
}

/** The release of `FILES`, made once for all tests of a file: to be called at its top. */
export function sharedRelease(): () => Release {
  let dir = '';
  let release: Release | undefined;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sv72-hub-test-'));
    const bundle = await writeBundle({ dir: join(dir, 'bundle'), manifest: FIELDS, files: FILES });
    release = await releaseOf(bundle);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  return () => {
    if (release === undefined) throw new Error('not before the tests run');
    return release;
  };
}

/** A Hub that ends with the test; whatever a client did wrong fails the test. */
export async function hub(options: HubDoubleOptions = {}): Promise<HubDouble> {
  const double = await startHubDouble(options);
  onTestFinished(async () => {
    await double.close();
    expect(double.violations).toEqual([]);
  });
  return double;
}

export function client(double: HubDouble, options: HubOptions = {}): HubClient {
  return createHubClient({
    url: double.url,
    token: new HubToken(TOKEN, 'the test'),
    patience: QUICK,
    sleep: async () => undefined,
    ...options,
  });
}

export interface PublishOptions {
  readonly release?: Release;
  readonly visibility?: Visibility;
  readonly signal?: AbortSignal;
  readonly again?: boolean;
  readonly onProgress?: (progress: UploadProgress) => void;
}

/** Plans and uploads. */
export async function publish(double: HubDouble, options: PublishOptions = {}): Promise<Uploaded> {
  const release = options.release ?? (await releaseOf(await bundleOf()));
  const { signal } = options;
  const hubClient = client(double, { signal });
  const { visibility, again = false } = options;
  const plan = await planUpload(hubClient, { repo: REPO, release, visibility, again });
  return await upload(hubClient, plan, {
    outsider: client(double, { token: undefined, signal }),
    now: () => AT * 1000,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
}

/** Paths of what the repository has now. */
export function pathsOf(double: HubDouble): string[] {
  return [...(double.repos.get(REPO.id)?.head.tree.keys() ?? [])].sort();
}
