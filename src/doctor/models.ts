import { type ConfiguredMiner, profileRuns, type Settings, settingsOfMiner } from '../config/index.ts';
import { demoBundle } from '../miner/index.ts';
import type { DoctorModel } from './types.ts';

/** The models that the miners answer with, stages of profiles among them, in the order of the miners. */
export function modelsOf(
  settings: Settings,
  miners: readonly ConfiguredMiner[],
  at: { readonly path: (given: string) => string; readonly packageRoot: string },
): DoctorModel[] {
  const found = new Map<string, DoctorModel>();
  for (const miner of miners) {
    const profile = settingsOfMiner(settings, miner).profiles[miner.profile];
    for (const run of profileRuns(profile)) {
      const { engine, bundle, device, precision, variant, server } = run;
      const key = JSON.stringify(
        engine === 'onnx' ? [bundle, device, precision, variant] : [engine, bundle, server.url, server.model],
      );
      const known = found.get(key);
      const names = known?.miners ?? [];
      found.set(key, {
        ...(known ?? {
          profileName: miner.profile,
          run,
          bundleDir: bundle === 'demo' ? demoBundle(at.packageRoot) : at.path(bundle),
        }),
        miners: names.includes(miner.hotkey) ? names : [...names, miner.hotkey],
      });
    }
  }
  return [...found.values()];
}
