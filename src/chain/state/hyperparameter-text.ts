import { formatTao } from '../../amount/index.ts';
import { HYPERPARAMETERS, type HyperparameterWords } from '../rules/hyperparameter-words.ts';
import { blocksText } from '../rules/index.ts';
import type { Hyperparameter } from './hyperparameters.ts';

/** What a setting is about and means, undefined for one that this version does not know. */
export function hyperparameterWords(name: string): HyperparameterWords | undefined {
  return Object.hasOwn(HYPERPARAMETERS, name) ? HYPERPARAMETERS[name] : undefined;
}

/** A setting's value with its unit. */
export function hyperparameterText(one: Hyperparameter, blockMs: number): string {
  if (one.kind === 'switch') return one.value ? 'yes' : 'no';
  if (one.kind === 'tao') return formatTao(one.value);
  if (one.kind === 'fixed') return short(one.value);
  const unit = hyperparameterWords(one.name)?.unit;
  if (unit === 'blocks' && one.value <= 100_000_000n) return blocksText(Number(one.value), blockMs);
  const parts = { 'of 65535': 65_535, 'of 2^64': 2 ** 64, 'of 1000000': 1_000_000 };
  for (const [name, whole] of Object.entries(parts)) {
    if (unit === name) return `${short((Number(one.value) / whole) * 100)} %`;
  }
  return one.value.toString();
}

function short(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
