import { loadBundle } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { trial } from '../../inference/index.ts';
import { about } from '../about.ts';
import type { Check, DoctorContext, DoctorModel, Finding } from '../types.ts';
import { askServerOf } from './engine-server.ts';

/** Most for one model, so that a slow one leaves what the others gave. */
const MOST_MS = 4_200;

/** Where the models really run, by running them, or by asking the servers that have them. */
export const engine: Check = {
  id: 'engine',
  title: 'inference engine',
  async run(context) {
    return await Promise.all(
      context.models.map(async (model) => about(context, model.miners, await findingOf(context, model))),
    );
  },
};

async function findingOf(context: DoctorContext, model: DoctorModel): Promise<Finding> {
  const slow = Promise.withResolvers<Finding>();
  const timer = setTimeout(
    () => slow.resolve({ status: 'unknown', sentence: `It took longer than ${MOST_MS / 1_000} s.` }),
    MOST_MS,
  );
  try {
    const work = model.run.engine === 'onnx' ? runHere(context, model) : askServerOf(context, model);
    return await Promise.race([work, slow.promise]);
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    return {
      status: 'unknown',
      sentence: `It could not be found out: ${error.message} ${error.next}`,
    };
  } finally {
    clearTimeout(timer);
  }
}

async function runHere({ program }: DoctorContext, { run, bundleDir }: DoctorModel): Promise<Finding> {
  const bundle = await loadBundle(bundleDir);
  const {
    device,
    precision,
    infer_ms: ms,
    attempts,
  } = await trial({
    bundle,
    device: run.device,
    precision: run.precision,
    variant: run.variant,
  });
  const sentence = `${bundle.manifest.name} runs on ${device} (${precision}), ${ms} ms a picture.`;
  if (run.device !== 'auto' || device !== 'cpu') return { status: 'ok', sentence };
  const hasGpu = (await program('nvidia-smi', ['--list-gpus']))?.stdout.includes('GPU') === true;
  if (!hasGpu) return { status: 'ok', sentence };
  const why = attempts.find(({ ok }) => !ok)?.detail;
  return {
    status: 'warning',
    sentence: `${sentence} There is a GPU that is not used${why === undefined ? '' : `: ${why}`}.`,
    fix: 'sv72 engine gpu-libraries',
  };
}
