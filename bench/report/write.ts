import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../results.ts';
import { fullReport, summaryTable } from './markdown.ts';

export const RESULTS_FILE = 'bench/results/latest.json';

export function writeResults(root: string, file: string, results: Results): void {
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  writeFileSync(join(root, file), `${JSON.stringify(results, null, 2)}\n`);
}

export function readResults(root: string): Results {
  return JSON.parse(readFileSync(join(root, RESULTS_FILE), 'utf8')) as Results;
}

/** Puts the tables between the markers of docs/benchmarks.md and README.md. @returns the files that changed */
export function writeDocuments(root: string, results: Results): string[] {
  return [
    put(join(root, 'docs/benchmarks.md'), fullReport(results)),
    put(join(root, 'README.md'), `${summaryTable(results)}\n`),
  ].flat();
}

function put(file: string, text: string): string[] {
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, 'utf8');
  const [start, end] = ['<!-- bench:start -->', '<!-- bench:end -->'];
  const from = whole.indexOf(start);
  const to = whole.indexOf(end);
  if (from === -1 || to < from) return [];
  const next = `${whole.slice(0, from + start.length)}\n${text}${whole.slice(to)}`;
  if (next === whole) return [];
  writeFileSync(file, next);
  return [file];
}
