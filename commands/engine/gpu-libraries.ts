import { installGpuLibraries } from '../../src/inference/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class EngineGpuLibraries extends Sv72Command {
  static override summary = 'Fetch the GPU libraries of ONNX Runtime (CUDA 12 and TensorRT, Linux on x64).';
  static override description =
    'The installation of sv72 leaves them out: they are hundreds of megabytes, and small models need no GPU. ' +
    'This runs the installation of onnxruntime-node, which takes them from NuGet.';
  static override examples = ['<%= config.bin %> engine gpu-libraries'];

  async run(): Promise<ResultOf<'engine gpu-libraries'>> {
    await this.parse(EngineGpuLibraries);
    const result = await this.progress('Fetching the GPU libraries', () => installGpuLibraries());
    this.say(`Installed in ${result.folder}:`);
    for (const file of result.files) this.say(`  ${file}`);
    return result;
  }
}
