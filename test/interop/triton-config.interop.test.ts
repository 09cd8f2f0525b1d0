import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadBundle } from '../../src/bundle/index.ts';
import { tritonConfig } from '../../src/serving/triton/config.ts';
import { pythonEnvironment } from './support/venvs.ts';

/** Reads text of protocol buffers by Triton's own definition of a model's configuration; anything unknown is an error. */
const READ = `
import json, sys
from google.protobuf import json_format, text_format
from tritonclient.grpc import model_config_pb2
configs = json.load(sys.stdin)
parsed = [text_format.Parse(text, model_config_pb2.ModelConfig()) for text in configs]
print(json.dumps([json_format.MessageToDict(one, preserving_proto_field_name=True) for one in parsed]))
`;

test('Triton’s definition of config.pbtxt takes ours, of graphs and of engines', async () => {
  const python = await pythonEnvironment('mlserver');
  const { manifest } = await loadBundle(join(import.meta.dirname, '..', '..', 'models', 'demo'));
  const common = { name: 'a "name" \\', manifest } as const;
  const configs = [
    tritonConfig({ ...common, form: 'onnx', batch: { best: null, most: 64 }, device: 'gpu' }),
    tritonConfig({ ...common, form: 'onnx', batch: null, device: 'cpu' }),
    tritonConfig({ ...common, form: 'plan', batch: { best: 4, most: 16 }, device: 'gpu' }),
  ];
  const read = JSON.parse(
    execFileSync(python.python, ['-c', READ], { input: JSON.stringify(configs), encoding: 'utf8' }),
  );
  expect(read).toMatchObject([
    {
      name: 'a "name" \\',
      backend: 'onnxruntime',
      max_batch_size: 64,
      dynamic_batching: { max_queue_delay_microseconds: '2000' },
      instance_group: [{ count: 1, kind: 'KIND_GPU' }],
    },
    { instance_group: [{ kind: 'KIND_CPU' }] },
    {
      platform: 'tensorrt_plan',
      max_batch_size: 16,
      input: [{ name: 'image', data_type: 'TYPE_UINT8', dims: ['224', '224', '3'] }],
      output: [{ name: manifest.output.name, data_type: 'TYPE_FP32', dims: ['1'] }],
      dynamic_batching: { preferred_batch_size: [4] },
    },
  ]);
  expect(read[1].dynamic_batching).toBeUndefined();
});
