import { baseModel, chooseModel, type Gate, type Latency, type Manifest, modelsOf } from '../bundle/index.ts';
import type { Rejected } from './aside.ts';

/** One model of a bundle, or one that was kept aside. */
export interface Row {
  readonly name: string;
  readonly precision: string;
  readonly path: string;
  readonly bytes: number;
  /** `base`: the model that the others are made from. `unproved`: nothing says how it compares with that. */
  readonly state: 'base' | 'passed' | 'unproved' | 'stale' | 'rejected';
  /** What `serve` would take it for by itself: cpu, cuda. */
  readonly servedOn: readonly Gate['device'][];
  readonly gate: Gate | null;
  /** Of the base: as it was measured beside the newest variant. */
  readonly latency: Latency | null;
  readonly at: string | null;
}

/** The models of a bundle and those that were kept aside, for `bundle variants`. */
export function listVariants(manifest: Manifest, rejected: readonly Rejected[]): Row[] {
  const base = baseModel(manifest);
  const served = (['cpu', 'cuda'] as const).map((device) => ({
    device,
    path: chooseModel(manifest, device).model.file.path,
  }));
  const models = modelsOf(manifest).map((model): Row => {
    const { file, record, stale, name } = model;
    const proved = record?.gate.passed === true ? 'passed' : 'unproved';
    return {
      name,
      precision: file.precision,
      path: file.path,
      bytes: file.bytes,
      state: file.path === base.file.path ? 'base' : stale ? 'stale' : proved,
      servedOn: served.filter(({ path }) => path === file.path).map(({ device }) => device),
      gate: record?.gate ?? null,
      latency: file.path === base.file.path ? baseLatency(manifest) : (record?.latency ?? null),
      at: record?.at ?? null,
    };
  });
  const aside = rejected.map(
    ({ folder, record, bytes }): Row => ({
      name: record.name,
      precision: record.name.split('-')[0] ?? record.name,
      path: folder,
      bytes,
      state: 'rejected',
      servedOn: [],
      gate: record.gate,
      latency: record.latency,
      at: record.at,
    }),
  );
  return [...models, ...aside];
}

function baseLatency(manifest: Manifest): Latency | null {
  const { sha256 } = baseModel(manifest).file;
  const [newest] = (manifest.variants ?? [])
    .filter(({ from }) => from.sha256 === sha256)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return newest ? { ...newest.latency, variantMs: newest.latency.sourceMs } : null;
}
