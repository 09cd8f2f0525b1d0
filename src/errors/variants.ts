import type { ErrorEntry } from './types.ts';

export const variantsErrors = {
  ERR_VARIANT_STALE: {
    who: 'user',
    exit: 1,
    meaning:
      'A variant of a model was made from a graph that has changed since: its proof says nothing about the new one.',
    next: 'Make the variant again with `sv72 quantize`, or use `--variant auto`.',
  },
  ERR_QUANTIZE: {
    who: 'user',
    exit: 1,
    meaning: 'A model could not be converted to the form that was asked for.',
    next: 'Try another form (`--to`); the log that details name says more.',
  },
  ERR_GATE_PICTURES: {
    who: 'user',
    exit: 1,
    meaning:
      'There are not enough pictures to tell whether a variant is as good as the model it was made from.',
    next: 'Give a dataset with pictures of both classes in its validation or test part.',
  },
  ERR_ENGINE_GRAPH: {
    who: 'user',
    exit: 1,
    meaning: 'A TensorRT engine is to be built from a graph that the bundle does not have.',
    next: 'Make the graph first, with `sv72 quantize --to fp16`.',
  },
  ERR_ENGINE_BUILD: {
    who: 'outside',
    exit: 3,
    meaning: 'TensorRT could not build the engine, or the engine is not what it was meant to be.',
    next: 'Look into the log that details name; the image must have trtexec and fit the driver.',
  },
  ERR_ENGINE_NONE: {
    who: 'user',
    exit: 1,
    meaning: 'No TensorRT engine was built for this model on this machine.',
    next: 'Build one with `sv72 export-trt`.',
  },
  ERR_ENGINE_STALE: {
    who: 'user',
    exit: 1,
    meaning:
      'The TensorRT engine that is there was built from another graph, on another GPU, with another TensorRT or for other batches.',
    next: 'Build it again with `sv72 export-trt`.',
  },
  ERR_EXPORT: {
    who: 'user',
    exit: 1,
    meaning: 'No ONNX graph could be made of the weights that were given.',
    next: 'Give a bundle of `sv72 train`, the folder of its run, or a timm model with config.json and model.safetensors.',
  },
} as const satisfies Record<string, ErrorEntry>;
