import type { Manifest } from '../../bundle/index.ts';

/** A model for Triton's configuration. */
export interface TritonModel {
  readonly name: string;
  readonly form: 'onnx' | 'plan';
  readonly manifest: Manifest;
  /** Batches that it takes; null: only one of fixed size. */
  readonly batch: { readonly best: number | null; readonly most: number } | null;
  readonly device: 'gpu' | 'cpu';
}

/** How long a request may wait for others, µs. */
const QUEUE_DELAY_US = 2_000;

/**
 * Triton's `config.pbtxt`. Pictures that come together are answered together; shapes are without the batch. What an
 * ONNX graph takes and gives, Triton reads in the graph; of an engine it is written here.
 */
export function tritonConfig({ name, form, manifest, batch, device }: TritonModel): string {
  const { input, output } = manifest;
  const [height, width] = input.size;
  const dims = input.layout === 'nhwc' ? [height, width, 3] : [3, height, width];
  const values = output.kind === 'two-class' ? 2 : 1;
  const preferred = batch === null || batch.best === null ? '' : `preferred_batch_size: [${batch.best}] `;
  const lines = [
    `name: ${quoted(name)}`,
    form === 'plan' ? 'platform: "tensorrt_plan"' : 'backend: "onnxruntime"',
    `max_batch_size: ${batch?.most ?? 0}`,
    ...(form === 'plan'
      ? [
          `input [{ name: ${quoted(input.name)} data_type: ${input.dtype === 'uint8' ? 'TYPE_UINT8' : 'TYPE_FP32'} dims: [${dims.join(', ')}] }]`,
          `output [{ name: ${quoted(output.name)} data_type: TYPE_FP32 dims: [${values}] }]`,
        ]
      : [`default_model_filename: "model.onnx"`]),
    ...(batch === null
      ? []
      : [`dynamic_batching { ${preferred}max_queue_delay_microseconds: ${QUEUE_DELAY_US} }`]),
    `instance_group [{ count: 1 kind: ${device === 'gpu' ? 'KIND_GPU' : 'KIND_CPU'} }]`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A string of the text form of protocol buffers. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
