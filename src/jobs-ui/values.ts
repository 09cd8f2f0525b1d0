import { Sv72Error } from '../errors/index.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** `all`, `none`, or numbers: `0,2`. @throws ERR_USAGE */
export function gpusOf(text: string): 'all' | 'none' | readonly number[] {
  if (text === 'all' || text === 'none') return text;
  if (!/^\d{1,3}(,\d{1,3})*$/.test(text)) {
    throw new Sv72Error('ERR_USAGE', 'GPUs are "all", "none", or their numbers with commas, such as 0,1.');
  }
  return [...new Set(text.split(',').map(Number))];
}

/** Bytes, or with K, M, G or T (of 1024): `8G`, `512MiB`. @throws ERR_USAGE */
export function bytesOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (UNITS[unit.toUpperCase()] ?? 1));
  if (number === '' || bytes < 2 ** 20) {
    throw new Sv72Error(
      'ERR_USAGE',
      'An amount of memory is a number with M, G or T, such as 8G; at least 1M.',
    );
  }
  return bytes;
}

/** @throws ERR_USAGE */
export function cpusOf(text: string): number {
  const cpus = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || cpus <= 0) {
    throw new Sv72Error('ERR_USAGE', 'Processors are a number above 0, such as 4 or 1.5.');
  }
  return cpus;
}
