import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/bundle/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { manifest } from './sample.ts';

const file = { path: 'model.onnx', role: 'model', precision: 'fp32', sha256: 'a'.repeat(64), bytes: 12 };
const valid = { format: 1, ...manifest, files: [file] };
const text = (change: object = {}) => JSON.stringify({ ...valid, ...change });
const floats = { ...manifest.input, dtype: 'float32' };

test('defaults are filled in', () => {
  expect(parseManifest(text())).toMatchObject({
    demo: false,
    metrics: [],
    positive: { label: 'Roadwork', index: 1 },
    calibration: { inGraph: true, temperature: 1, bias: 0 },
    input: { colour: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: { background: [0, 0, 0] } },
  });
});

describe('what is wrong is named', () => {
  test.each<[string, object, string]>([
    ['an unknown field', { threshold: 0.5 }, 'threshold'],
    ['an unknown field further down', { output: { ...manifest.output, threshold: 0.5 } }, 'output'],
    ['no version number', { version: '1.2' }, 'version'],
    ['a leading zero', { version: '1.02.0' }, 'version'],
    ['a name with a slash', { name: '../x' }, 'name'],
    ['no files', { files: [] }, 'files'],
    ['no model', { files: [{ ...file, role: 'readme', precision: undefined }] }, 'files'],
    ['two models of a precision', { files: [file, { ...file, path: 'b.onnx' }] }, 'files.1.precision'],
    ['a path twice', { files: [file, { ...file, precision: 'int8' }] }, 'files.1.path'],
    ['a model without precision', { files: [{ ...file, precision: undefined }] }, 'files.0.precision'],
    [
      'a readme with precision',
      { files: [file, { ...file, path: 'r', role: 'readme' }] },
      'files.1.precision',
    ],
    ['a short hash', { files: [{ ...file, sha256: 'abc' }] }, 'files.0.sha256'],
    ['a negative size', { files: [{ ...file, bytes: -1 }] }, 'files.0.bytes'],
    ['normalisation of bytes', { input: { ...manifest.input, scale: 1 / 255 } }, 'input.dtype'],
    ['a deviation of zero', { input: { ...floats, std: [1, 0, 1] } }, 'input.std.1'],
    ['a side of zero', { input: { ...floats, size: [0, 224] } }, 'input.size.0'],
    ['a batch without bound', { input: { ...floats, batch: { kind: 'dynamic' } } }, 'input.batch.max'],
    [
      'a temperature of zero',
      { calibration: { inGraph: false, temperature: 0, bias: 0 } },
      'calibration.temperature',
    ],
    [
      'a date without a zone',
      { provenance: { ...manifest.provenance, at: '2026-11-21T01:02:03' } },
      'provenance.at',
    ],
  ])('%s', (_, change, field) => {
    expect(() => parseManifest(text(change))).toThrow(
      expect.objectContaining({ code: 'ERR_BUNDLE_INVALID', message: expect.stringContaining(field) }),
    );
  });

  test.each([
    '/etc/passwd',
    '../up.onnx',
    'a/../../up',
    './model.onnx',
    'a//b',
    'a\\b',
    '.hidden',
    '',
    'a/',
    'C:x',
    'sv72.json',
    `${'x'.repeat(201)}`,
    'a\u0000b',
  ])('the path %j', (path) => {
    expect(() => parseManifest(text({ files: [{ ...file, path }] }))).toThrow(
      expect.objectContaining({
        code: 'ERR_BUNDLE_INVALID',
        message: expect.stringContaining('files.0.path'),
      }),
    );
  });
});

test.each([0, 2, 99])('format %d is another version of the format, whatever else it holds', (format) => {
  expect(() => parseManifest(JSON.stringify({ format, anything: true }))).toThrow(
    expect.objectContaining({ code: 'ERR_BUNDLE_FORMAT', details: { format, known: 1 } }),
  );
});

test('any text is a manifest or an error that explains itself', () => {
  const explained = (input: string) => {
    try {
      parseManifest(input);
    } catch (error) {
      if (!(error instanceof Sv72Error)) throw error;
      expect(error.code).toMatch(/^ERR_BUNDLE_(INVALID|FORMAT)$/);
    }
  };
  fc.assert(fc.property(fc.string(), explained));
  fc.assert(fc.property(fc.json(), explained));
  const key = fc.constantFrom(...Object.keys(valid));
  fc.assert(fc.property(key, fc.jsonValue(), (name, value) => explained(text({ [name]: value }))));
});
