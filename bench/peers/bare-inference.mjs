// Decode and inference and nothing else: the built package's own decoder and session in one process, one image after the
// other. argv: <bundle folder> <JPEG file> <count>. Prints one JSON line with the milliseconds of each image.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const dist = (path) => import(new URL(`../../dist/src/${path}`, import.meta.url).href);
const { loadBundle } = await dist('bundle/index.js');
const { decode } = await dist('inference/preprocess/decode.js');
const { fitTo, place } = await dist('inference/preprocess/geometry.js');
const { openSession } = await dist('inference/engines/onnx/session.js');

const [folder, file, count] = process.argv.slice(2);
const bundle = await loadBundle(folder);
const { input, output } = bundle.manifest;
const model = bundle.manifest.files.find((entry) => entry.path.endsWith('.onnx'));
const session = await openSession({
  modelPaths: { cpu: join(folder, model.path) },
  input,
  output: { ...output, calibration: bundle.manifest.calibration },
  device: 'cpu',
  threads: 'auto',
  runtime: 'onnxruntime-node',
});
const jpeg = await readFile(file);

async function once() {
  const from = performance.now();
  const decoded = await decode(jpeg, {
    pixels: 60_000_000,
    target: (width, height) => place({ width, height }, input.size, input.resize.fit),
  });
  const { data } = fitTo(decoded.image, input.size, input.resize);
  await session.infer([data]);
  return performance.now() - from;
}

for (let i = 0; i < 20; i += 1) await once();
const times = [];
for (let i = 0; i < Number(count); i += 1) times.push(await once());
process.stdout.write(`${JSON.stringify({ times })}\n`);
process.exit(0);
