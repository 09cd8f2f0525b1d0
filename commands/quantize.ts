import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { cacheFolder, ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import { findToken } from '../src/hub-token/index.ts';
import { foldersInUse, listGpus } from '../src/jobs/index.ts';
import { type JobFlags, jobFlags } from '../src/jobs-ui/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { withEnv } from '../src/ui/index.ts';
import {
  asItEnded,
  type KindName,
  METHODS,
  prepareQuantize,
  prepareVlm,
  type QuantizeOptions,
  renderQuantized,
  VLM_KINDS,
  type VlmKind,
} from '../src/variants/index.ts';
import { gateFlags, gateTerms, ProvingCommand } from '../src/variants-ui/index.ts';

const KIND_NAMES = ['int8-dynamic', 'int8-static', 'fp16'] as const satisfies readonly KindName[];
const isVlm = (to: KindName | VlmKind): to is VlmKind => VLM_KINDS.some((kind) => kind === to);

const WORK_FOLDER =
  'The folder work is made for the step, with the pictures for calibration where they are needed, and removed afterwards.';

export default class Quantize extends ProvingCommand {
  static override summary = 'Make a smaller or faster variant of a model, and prove that it is as good.';
  static override description =
    'int8-static suits convolutions and int8-dynamic transformers, both on the CPU; fp16 is for GPUs. ' +
    'Before it enters the bundle, a variant answers the same augmented pictures as the model: it passes when hardly a decision differs and the reward is not lower. ' +
    'One that does not pass is kept beside the bundle, which stays as it is, and the exit code is 1. ' +
    'vlm-w4a16 and vlm-fp8 make a vision-language model smaller for vLLM, with llm-compressor on a GPU, into a folder of its own.';
  static override examples = [
    '<%= config.bin %> quantize ./my-model --to int8-static --data ./roadwork',
    '<%= config.bin %> quantize ./my-model --to int8-dynamic --data ./roadwork --max-flips 0.1 --runtime local',
    '<%= config.bin %> quantize ./my-model --to fp16 --data ./roadwork --dry-run',
    '<%= config.bin %> quantize Qwen/Qwen3.5-4B --to vlm-w4a16 --data ./roadwork --output ./qwen-w4a16',
  ];
  static override args = {
    model: Args.string({
      description: 'folder of the model bundle; for vlm-… a folder or an id on the Hub',
      required: true,
    }),
  };
  static override flags = {
    ...withEnv({
      to: Flags.option({
        summary: 'which variant',
        options: [...KIND_NAMES, ...VLM_KINDS],
        required: true,
      })(),
      data: Flags.directory({
        summary: 'dataset: train calibrates, validation and test judge (vlm-fp8 needs none)',
        exists: true,
      }),
      output: Flags.string({ summary: 'folder to write; of a vision-language model only' }),
      calibration: Flags.integer({
        summary: 'pictures that calibration looks at',
        default: 200,
        min: 8,
        max: 10_000,
        helpGroup: 'METHOD',
      }),
      method: Flags.option({
        summary: 'how int8-static takes ranges from what it sees',
        options: METHODS,
        helpGroup: 'METHOD',
      })({ default: 'percentile' }),
      'reduce-range': Flags.boolean({
        summary: '7 bits of 8, for processors without VNNI',
        helpGroup: 'METHOD',
      }),
      autocast: Flags.boolean({
        summary: 'fp16 by NVIDIA’s ModelOpt, which keeps what would overflow in fp32',
        helpGroup: 'METHOD',
      }),
      device: Flags.option({
        summary: 'where the gate runs (default: cpu, for fp16 the best that works)',
        options: ['auto', 'cpu', 'cuda', 'tensorrt'] as const,
        helpGroup: 'GATE',
      })(),
    }),
    ...gateFlags,
    ...jobFlags,
  };

  async run(): Promise<ResultOf<'quantize'>> {
    const { args, flags } = await this.parse(Quantize);
    const { to, data, output, calibration, method } = flags;
    if (isVlm(to)) return await this.makeVlm(to, args.model, flags);
    if (data === undefined) throw new Sv72Error('ERR_USAGE', `--to ${to} needs a dataset: --data.`);
    if (output !== undefined) {
      throw new Sv72Error('ERR_USAGE', `--output is for vision-language models; ${to} goes into the bundle.`);
    }
    const { autocast } = flags;
    const recipe = {
      kind: to,
      method,
      reduceRange: flags['reduce-range'] === true,
      autocast: autocast === true,
    };
    const device = flags.device ?? (to === 'fp16' ? 'auto' : 'cpu');
    const [gpu] = device === 'cpu' ? [] : await listGpus(this.jobOptions(flags).env);
    return await this.stoppable((signal) =>
      this.make(
        {
          ...gateTerms(flags),
          bundleDir: args.model,
          recipe,
          data,
          calibration,
          device,
          gpu: gpu?.name,
          signal,
          inUse: () => foldersInUse(this.jobOptions(flags)),
          dryRun: flags['dry-run'],
        },
        flags,
      ),
    );
  }

  private async makeVlm(
    kind: VlmKind,
    model: string,
    flags: JobFlags & {
      readonly data?: string | undefined;
      readonly output?: string | undefined;
      readonly calibration: number;
    },
  ): Promise<ResultOf<'quantize'>> {
    const { data, output, calibration } = flags;
    if (output === undefined)
      throw new Sv72Error('ERR_USAGE', `--to ${kind} needs a folder to write: --output.`);
    const at = ourSurroundings();
    const hub = join(cacheFolder(at), 'hub');
    const token = () => findToken({ at });
    const quantizing = await prepareVlm({
      ...{ kind, model, output, data, calibration, hub, token },
      inUse: () => foldersInUse(this.jobOptions(flags)),
    });
    try {
      if (flags['dry-run']) return await this.planJob(quantizing.spec, flags);
      const made = await quantizing.finish(await this.runJob(quantizing.spec, flags, asItEnded));
      const { bytes, sourceBytes, format, tools } = made;
      this.say(
        `${made.output}: ${(bytes / 1e9).toFixed(2)} GB instead of ${(sourceBytes / 1e9).toFixed(2)} GB. Serve it with: vllm serve ${made.output}`,
      );
      return {
        event: 'written',
        model,
        to: kind,
        output: made.output,
        bytes,
        source_bytes: sourceBytes,
        format,
        tools,
      };
    } finally {
      await quantizing.close();
    }
  }

  private async make(options: QuantizeOptions, flags: JobFlags): Promise<ResultOf<'quantize'>> {
    const { onStage, watched } = this.stages();
    const quantizing = await watched('Preparing', () => prepareQuantize({ ...options, onStage }));
    try {
      if (flags['dry-run']) {
        this.note(WORK_FOLDER);
        return await this.planJob(quantizing.spec, flags);
      }
      const result = await this.runJob(quantizing.spec, flags, asItEnded);
      const done = await watched('Comparing', () => quantizing.finish(result));
      for (const line of renderQuantized(done)) this.say(line);
      const { record, bytes, sourceBytes, file } = done;
      const { name: variant, gate, latency, tools } = record;
      if (!gate.passed) process.exitCode = 1;
      return {
        event: 'result',
        bundle: resolve(options.bundleDir),
        variant,
        passed: gate.passed,
        file,
        bytes,
        source_bytes: sourceBytes,
        gate,
        latency,
        tools,
      };
    } finally {
      await quantizing.close();
    }
  }
}
