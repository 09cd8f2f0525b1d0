import { endianness } from 'node:os';
import type { TensorData } from '../../preprocess/tensor.ts';
import type { GraphValue } from '../onnx/graph.ts';

/** Open Inference Protocol, version 2 (REST): https://github.com/kserve/open-inference-protocol */
export interface InferInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface EncodedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

/**
 * A request for one output. With the binary extension the tensor follows the JSON as it lies in memory (little endian);
 * without it, it is written out as numbers, some 540 kB for a picture.
 */
export function encodeInfer(input: InferInput, output: string, binary: boolean): EncodedRequest {
  const { name, shape, data } = input;
  const datatype = data instanceof Uint8Array ? 'UINT8' : 'FP32';
  if (!binary) {
    const start = JSON.stringify({ outputs: [{ name: output }], inputs: [{ name, shape, datatype }] });
    // The numbers go where the last three brackets are: into the tensor, as its data.
    const head = Buffer.from(`${start.slice(0, -3)},"data":[`);
    return {
      headers: { 'content-type': 'application/json' },
      body: Buffer.concat([head, writtenOut(data), Buffer.from(']}]}')]),
    };
  }
  const tensor = { name, shape, datatype, parameters: { binary_data_size: data.byteLength } };
  const asked = { name: output, parameters: { binary_data: false } };
  const head = Buffer.from(JSON.stringify({ inputs: [tensor], outputs: [asked] }));
  return {
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    },
    body: Buffer.concat([head, littleEndian(data)]),
  };
}

/**
 * The values of an output.
 *
 * @throws Error with what is wrong with the answer
 */
export function decodeInfer(body: Buffer, output: string, count: number): Float32Array {
  const value = parse(body);
  const outputs = isRecord(value) && Array.isArray(value.outputs) ? value.outputs : undefined;
  if (outputs === undefined) throw new Error('the answer has no outputs');
  const found: unknown = outputs.find((one) => isRecord(one) && one.name === output);
  if (!isRecord(found)) throw new Error(`the answer has no output "${output}"`);
  if (found.datatype !== 'FP32' && found.datatype !== 'FP64') {
    throw new Error(`output "${output}" is ${String(found.datatype)}, not FP32`);
  }
  const data = Array.isArray(found.data) ? found.data.flat(3) : undefined;
  if (data === undefined || !data.every((number) => typeof number === 'number')) {
    throw new Error(`output "${output}" holds no numbers`);
  }
  if (data.length !== count)
    throw new Error(`output "${output}" has ${data.length} values instead of ${count}`);
  return Float32Array.from(data);
}

/** What a server says of a model; undefined where it says nothing (MLServer need not). */
export function describedGraph(
  body: Buffer,
): { readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] } | undefined {
  const value = parse(body);
  if (!isRecord(value)) throw new Error('the description of the model is no JSON object');
  const inputs = valuesOf(value.inputs);
  const outputs = valuesOf(value.outputs);
  return inputs.length === 0 && outputs.length === 0 ? undefined : { inputs, outputs };
}

/** Name and version of the server, and whether it takes tensors in binary. */
export function describedServer(body: Buffer): { readonly name: string; readonly binary: boolean } {
  const value = parse(body);
  if (!isRecord(value)) return { name: 'an inference server', binary: false };
  const name = [value.name, value.version]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
  const extensions = Array.isArray(value.extensions) ? value.extensions : [];
  return {
    name: name === '' ? 'an inference server' : name.slice(0, 80),
    binary: extensions.includes('binary_tensor_data'),
  };
}

const TYPES: Readonly<Record<string, string>> = { UINT8: 'uint8', FP32: 'float32', FP16: 'float16' };

function valuesOf(list: unknown): GraphValue[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map(({ name, datatype, shape }) => ({
    name: String(name),
    type: TYPES[String(datatype)] ?? String(datatype),
    shape: (Array.isArray(shape) ? shape : []).map((size) => (Number(size) === -1 ? 'any' : Number(size))),
  }));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Error('the answer is no JSON');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Numbers with commas between them. A byte is looked up as four characters, with blanks before it: an array of the
 * 150,528 of a picture takes `JSON.stringify` a hundred times as long in a process that has little heap.
 */
function writtenOut(data: TensorData): Buffer {
  if (data instanceof Float32Array) return Buffer.from(data.join());
  const four = new Uint32Array(data.length);
  for (let i = 0; i < data.length; i += 1) four[i] = WRITTEN[data[i] as number] as number;
  const text = Buffer.from(four.buffer);
  return text.subarray(0, -1);
}

/** `  0,` to `255,`, each as one number of this machine's byte order. */
const WRITTEN = new Uint32Array(
  Uint8Array.from(
    Buffer.from(Array.from({ length: 256 }, (_, byte) => `${String(byte).padStart(3)},`).join('')),
  ).buffer,
);

function littleEndian(data: TensorData): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return data instanceof Float32Array && endianness() === 'BE' ? Buffer.from(bytes).swap32() : bytes;
}
