import type { ErrorEntry } from './types.ts';

export const inferenceErrors = {
  ERR_BUNDLE_MISSING: {
    who: 'user',
    exit: 1,
    meaning: 'The folder holds no model bundle: it is not there, or it has no sv72.json.',
    next: 'Give the folder that contains sv72.json.',
  },
  ERR_BUNDLE_INVALID: {
    who: 'user',
    exit: 1,
    meaning: 'The sv72.json of a model bundle is not valid: a field is missing, unknown or out of range.',
    next: 'Correct the named field, or write the bundle again with the command that made it.',
  },
  ERR_BUNDLE_FORMAT: {
    who: 'user',
    exit: 1,
    meaning: 'The bundle was written in a format that this version of sv72 does not know.',
    next: 'Update sv72, or write the bundle again with this version.',
  },
  ERR_BUNDLE_DAMAGED: {
    who: 'user',
    exit: 1,
    meaning:
      'A file of the bundle is missing, has another size or SHA-256 than sv72.json says, or lies outside the bundle.',
    next: 'Copy or download the bundle again; if you changed a file on purpose, write the bundle again.',
  },
  ERR_BUNDLE_EXISTS: {
    who: 'user',
    exit: 1,
    meaning: 'A bundle would be written where something already is.',
    next: 'Name another folder, or ask for the old one to be replaced.',
  },
  ERR_BUNDLE_BUSY: {
    who: 'user',
    exit: 1,
    meaning: 'Two commands would change one bundle at the same time.',
    next: 'Run it again when the other command is done; a lock that a killed command left is ignored after ten minutes.',
  },
  ERR_BUNDLE_VARIANT: {
    who: 'user',
    exit: 1,
    meaning: 'The bundle has no model of the precision or variant that was asked for.',
    next: 'Run `sv72 bundle variants PATH` to see what it has.',
  },
  ERR_ENGINE_MISSING: {
    who: 'outside',
    exit: 3,
    meaning: 'The package onnxruntime-node, which runs the models, is not installed or cannot be loaded.',
    next: 'Run `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0` where sv72 is installed.',
  },
  ERR_ENGINE_START: {
    who: 'outside',
    exit: 3,
    meaning: 'The engine process did not get ready: it could not load the model, died, or took too long.',
    next: 'Run `sv72 bundle verify PATH`; the message says what the engine reported.',
  },
  ERR_GRAPH_MISMATCH: {
    who: 'user',
    exit: 1,
    meaning: 'The names, types or shapes of the ONNX graph are not those that sv72.json declares.',
    next: 'Correct input and output in sv72.json, or export the model again.',
  },
  ERR_DEVICE_UNAVAILABLE: {
    who: 'user',
    exit: 1,
    meaning: 'The device that was asked for (cuda, tensorrt) cannot be used on this machine.',
    next: 'Use `--device auto` or `--device cpu`, or install what the message names.',
  },
  ERR_GPU_LIBRARIES: {
    who: 'outside',
    exit: 3,
    meaning: 'The GPU libraries of ONNX Runtime could not be fetched or put in place.',
    next: 'Check the connection and that you may write where sv72 is installed, then run the command again.',
  },
} as const satisfies Record<string, ErrorEntry>;
