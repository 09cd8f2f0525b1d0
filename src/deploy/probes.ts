import { Sv72Error } from '../errors/index.ts';
import type { Classifier } from '../inference/index.ts';
import { isPositive } from './tally.ts';

/** A picture whose answer is known. */
export interface Probe {
  readonly image: Uint8Array;
  /** 1: roadwork. */
  readonly label: 0 | 1;
}

const MOST = 200;

/**
 * The probes of an order: `[{"image": base64, "label": 0 or 1}, …]`.
 *
 * @throws Sv72Error ERR_CONTROL_REQUEST
 */
export function probesFrom(value: unknown): Probe[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST || !value.every(isProbe)) {
    throw new Sv72Error('ERR_CONTROL_REQUEST', `Probes are a list of at most ${MOST} labelled pictures.`);
  }
  return value.map(({ image, label }) => ({ image: Buffer.from(image, 'base64'), label }));
}

/** How many of them a model gets right, asked one by one, so that others wait little. */
export async function probeWith(classifier: Classifier, probes: readonly Probe[]): Promise<number> {
  let right = 0;
  for (const { image, label } of probes) {
    const { probability } = await classifier.predict(Uint8Array.from(image));
    if (isPositive(probability) === (label === 1)) right += 1;
  }
  return right;
}

function isProbe(value: unknown): value is { readonly image: string; readonly label: 0 | 1 } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'image' in value &&
    typeof value.image === 'string' &&
    'label' in value &&
    (value.label === 0 || value.label === 1)
  );
}
