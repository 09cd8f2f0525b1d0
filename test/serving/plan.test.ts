import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGpus } from '../../src/jobs/gpu/nvidia-smi.ts';
import { planVram, type VramModel } from '../../src/serving/vram/plan.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** As nvidia-smi prints it with --query-gpu=index,name,driver_version,memory.total,memory.free,compute_cap. */
const L4 = parseGpus('0, NVIDIA L4, 580.95.05, 23034, 22563, 8.9\n');
const BUSY_L4 = parseGpus('0, NVIDIA L4, 580.95.05, 23034, 9000, 8.9\n');
const TWO = parseGpus(
  '0, NVIDIA GeForce RTX 4090, 570.86.15, 24564, 3100, 8.9\n1, NVIDIA GeForce RTX 4090, 570.86.15, 24564, 24210, 8.9\n',
);

function classifier(change: Partial<VramModel> = {}): VramModel {
  return {
    id: 'speed',
    kind: 'triton',
    what: 'speed: cones 1.0.0 (fp16)',
    weightsBytes: 56 * MIB,
    runtimeBytes: 984 * MIB,
    kv: null,
    gpu: 'auto',
    needsGpu: false,
    runsOn: null,
    from: 'files',
    ...change,
  };
}

function chat(change: Partial<VramModel> = {}): VramModel {
  return {
    id: 'accuracy-vlm',
    kind: 'vllm',
    what: 'accuracy-vlm: Qwen/Qwen3-VL-4B-Instruct',
    weightsBytes: 9 * GIB,
    runtimeBytes: 3 * GIB,
    kv: { bytesPerToken: 144 * 1024, context: 4096, sequences: 8 },
    gpu: 'auto',
    needsGpu: true,
    runsOn: null,
    from: 'files',
    ...change,
  };
}

describe('the plan of a GPU’s memory', () => {
  it('fits a classifier and a chat model on one L4, and tells vLLM its part', () => {
    const plan = planVram([classifier(), chat()], L4);
    expect(plan).toMatchObject({ fits: true, problems: [], advice: [] });
    const [, vlm] = plan.models;
    expect(vlm).toMatchObject({ gpu: 0, holds: 8, kvBytes: 4.5 * GIB, kvTokens: 32_768 });
    // 16.5 of 22.49 GiB, rounded up.
    expect(vlm?.share).toBe(0.734);
    const [gpu] = plan.gpus;
    expect(gpu?.leftBytes).toBeGreaterThan(0);
  });

  it('shares what is left out evenly among chat models of several hotkeys, each keeping one full question', () => {
    const small = { weightsBytes: 3 * GIB, runtimeBytes: 2.5 * GIB };
    const greedy = { bytesPerToken: 144 * 1024, context: 4096, sequences: 64 };
    const plan = planVram(
      [
        chat({ ...small, id: 'a', kv: greedy }),
        chat({ ...small, id: 'b', kv: greedy }),
        chat({ ...small, id: 'c', kv: { ...greedy, sequences: 1 } }),
      ],
      L4,
    );
    const [a, b, c] = plan.models;
    expect(plan.fits).toBe(true);
    expect(c?.holds).toBe(1);
    expect(a?.kvBytes).toBe(b?.kvBytes);
    expect(a?.holds).toBeGreaterThan(1);
    expect(plan.advice).toHaveLength(2);
    expect(plan.gpus[0]?.leftBytes).toBeGreaterThanOrEqual(0);
    expect(plan.gpus[0]?.leftBytes).toBeLessThan(64 * MIB);
  });

  it('says what is missing and what to change', () => {
    const plan = planVram([chat()], BUSY_L4);
    expect(plan.fits).toBe(false);
    expect(plan.problems).toEqual([
      'GPU 0 (NVIDIA L4) has 8.8 GiB free, and accuracy-vlm: Qwen/Qwen3-VL-4B-Instruct needs at least 13.0 GiB.',
    ]);
    expect(plan.advice.join('\n')).toContain('ending them makes room');
    expect(plan.advice.join('\n')).toContain('FP8, AWQ or 4-bit');
  });

  it('moves to the other GPU what need not stay, and names it for what was pinned', () => {
    expect(planVram([chat()], TWO)).toMatchObject({ fits: true, models: [{ gpu: 1 }] });
    const pinned = planVram([chat({ gpu: 0 })], TWO);
    expect(pinned.fits).toBe(false);
    expect(pinned.advice.join('\n')).toContain('set its server.container.gpu to 1');
    expect(planVram([chat({ gpu: 5 })], TWO).problems).toEqual([
      'accuracy-vlm: Qwen/Qwen3-VL-4B-Instruct is to run on GPU 5, which is not there.',
    ]);
  });

  it('counts what runs already as used, and needs no GPU for what can do without', () => {
    const running = planVram([chat({ runsOn: 0 }), classifier()], BUSY_L4);
    expect(running).toMatchObject({ fits: true, models: [{ running: true, gpu: 0 }, { gpu: 0 }] });
    expect(planVram([classifier()], [])).toMatchObject({ fits: true, models: [{ gpu: null, share: null }] });
    expect(planVram([chat()], [])).toMatchObject({
      fits: false,
      problems: ['accuracy-vlm: Qwen/Qwen3-VL-4B-Instruct needs a GPU, and there is none here.'],
    });
  });

  it('never plans more than is free where it says that it fits', () => {
    const model = fc.record({
      weights: fc.integer({ min: 1, max: 40_000 }),
      runtime: fc.integer({ min: 1, max: 4_000 }),
      context: fc.integer({ min: 256, max: 65_536 }),
      sequences: fc.integer({ min: 1, max: 256 }),
      gpu: fc.constantFrom('auto', 0, 1),
    });
    const gpu = fc.record({
      total: fc.integer({ min: 4_000, max: 80_000 }),
      free: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(model, { maxLength: 5 }),
        fc.array(gpu, { minLength: 1, maxLength: 3 }),
        (wanted, cards) => {
          const gpus = cards.map(({ total, free }, index) => ({
            index,
            name: 'GPU',
            memoryBytes: total * MIB,
            freeBytes: Math.floor(total * free) * MIB,
          }));
          const models = wanted.map(({ weights, runtime, context, sequences, gpu: at }, index) =>
            chat({
              id: `m${index}`,
              weightsBytes: weights * MIB,
              runtimeBytes: runtime * MIB,
              kv: { bytesPerToken: 147_456, context, sequences },
              gpu: at === 'auto' ? 'auto' : Number(at),
            }),
          );
          const plan = planVram(models, gpus);
          for (const { index, freeBytes, leftBytes } of plan.gpus) {
            const here = plan.models.filter((one) => one.gpu === index);
            const sum = here.reduce((total, { bytes }) => total + bytes, 0);
            if (plan.fits) expect(sum).toBeLessThanOrEqual(freeBytes);
            expect(leftBytes < 0).toBe(plan.problems.some((text) => text.startsWith(`GPU ${index} `)));
          }
          for (const one of plan.models) {
            if (one.gpu !== null) expect(one.holds).toBeGreaterThanOrEqual(1);
          }
        },
      ),
    );
  });
});
