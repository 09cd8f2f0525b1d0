import { percent } from '../gate.ts';
import type { EngineRecord } from './cache.ts';

/** An engine for people. @param where its file, or null when it did not pass */
export function renderEngine(record: EngineRecord, where: string | null): string[] {
  const { key, gate, latency, layers, image, driver, precision } = record;
  const { least, best, most } = key.profile;
  const rows = [
    [gate.passed ? 'Passed' : 'REJECTED', gate.reason ?? `${record.model.name} (${record.model.variant})`],
    ...(where === null ? [] : [['Engine', where]]),
    ['Built', `TensorRT ${key.tensorrt} in ${image} on ${key.gpu} (${key.capability}), driver ${driver}`],
    [
      'Layers',
      `${layers.half} of half precision, ${layers.full} of full, ${layers.other} others (${precision})`,
    ],
    ['Batches', `${least} to ${most}, best ${best}`],
    ['Decisions', `${gate.flips} of ${gate.pictures} differ (${percent(gate.limit)} allowed)`],
    ['Latency', `${latency.variantMs} ms an image`],
  ];
  return rows.map(([title = '', text = '']) => `${title.padEnd(11)}${text}`);
}
