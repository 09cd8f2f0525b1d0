import { loadBundle } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { Check } from '../types.ts';

/** Whether the model bundle of the profile is whole. */
export const bundle: Check = {
  id: 'bundle',
  title: 'model bundle',
  async run({ paths, settings }) {
    try {
      const { manifest } = await loadBundle(paths.bundle);
      const sentence = `${manifest.name} ${manifest.version} at ${paths.bundle}: every file has its size and hash.`;
      if (!manifest.demo) return { status: 'ok', sentence };
      return {
        status: 'warning',
        sentence: `${manifest.name} ${manifest.version} is the demonstration model, which must not answer on mainnet.`,
        fix: 'sv72 serve --bundle ./my-model',
      };
    } catch (error) {
      if (!(error instanceof Sv72Error)) throw error;
      return {
        status: 'failed',
        sentence: error.message,
        fix: `sv72 bundle verify ${settings.profiles[settings.profile].bundle}`,
      };
    }
  },
};
