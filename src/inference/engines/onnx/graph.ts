import type { BundleInput } from '../../../bundle/index.ts';
import { type OutputRule, valuesPerImage } from '../../probability.ts';

/** One input or output of a graph, as ONNX Runtime describes it; free dimensions are names. */
export interface GraphValue {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** How a graph contradicts its manifest: one sentence each, empty when it does not. */
export function graphDifferences(
  graph: { readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] },
  input: BundleInput,
  output: OutputRule & { readonly name: string },
): string[] {
  const differences: string[] = [];
  const others = graph.inputs.filter((value) => value.name !== input.name).map((value) => value.name);
  const found = graph.inputs.find((value) => value.name === input.name);
  if (!found) {
    differences.push(`the graph has no input "${input.name}", but ${quoted(others)}`);
  } else {
    if (others.length > 0) differences.push(`the graph needs more inputs: ${quoted(others)}`);
    if (found.type !== input.dtype) {
      differences.push(`input "${input.name}" is ${found.type}, the manifest says ${input.dtype}`);
    }
    const shape = inputShape(input, input.batch.kind === 'fixed' ? input.batch.size : 'batch');
    if (!fits(found.shape, shape)) {
      differences.push(
        `input "${input.name}" is ${shown(found.shape)}, the manifest says ${shown(shape)} (${input.layout})`,
      );
    }
  }
  const result = graph.outputs.find((value) => value.name === output.name);
  if (!result) {
    const names = graph.outputs.map((value) => value.name);
    differences.push(`the graph has no output "${output.name}", but ${quoted(names)}`);
  } else {
    if (result.type !== 'float32') differences.push(`output "${output.name}" is ${result.type}, not float32`);
    const values = valuesPerImage(output.kind);
    const batch = input.batch.kind === 'fixed' ? input.batch.size : 'batch';
    const allowed = values === 1 ? [[batch, 1], [batch]] : [[batch, 2]];
    if (!allowed.some((shape) => fits(result.shape, shape))) {
      differences.push(
        `output "${output.name}" is ${shown(result.shape)}, a ${output.kind} needs ${allowed.map(shown).join(' or ')}`,
      );
    }
  }
  return differences;
}

/** The shape of the input tensor for so many images. */
export function inputShape<B extends number | string>(input: BundleInput, batch: B): (B | number)[] {
  const [height, width] = input.size;
  return input.layout === 'nhwc' ? [batch, height, width, 3] : [batch, 3, height, width];
}

/**
 * Whether a graph's shape can take the wanted one. A free dimension takes anything; where the batch is wanted free
 * ("batch"), a number does not do.
 */
function fits(graph: readonly (number | string)[], wanted: readonly (number | string)[]): boolean {
  if (graph.length !== wanted.length) return false;
  return graph.every((dimension, i) => typeof dimension === 'string' || dimension === wanted[i]);
}

const shown = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;
const quoted = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((n) => `"${n}"`).join(', ');
