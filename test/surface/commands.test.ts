import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RESULTS } from '../../src/results/index.ts';

interface Flag {
  name: string;
  env?: string;
  summary?: string;
  description?: string;
}
interface CommandEntry {
  summary?: string;
  examples?: unknown[];
  flags: Record<string, Flag>;
  args: Record<string, { description?: string }>;
}

const manifest: { commands: Record<string, CommandEntry> } = JSON.parse(
  readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8'),
);
const commands = Object.entries(manifest.commands).map(
  ([id, command]) => [id.replaceAll(':', ' '), command] as const,
);

describe.each(commands)('sv72 %s', (id, command) => {
  it('has a summary, examples and described flags and arguments', () => {
    expect(command.summary).toMatch(/\.$/);
    expect(command.examples?.length).toBeGreaterThan(0);
    for (const flag of Object.values(command.flags))
      expect(flag.summary ?? flag.description, flag.name).toBeTruthy();
    for (const [name, arg] of Object.entries(command.args)) expect(arg.description, name).toBeTruthy();
  });

  it('gives every flag an environment variable', () => {
    for (const flag of Object.values(command.flags)) expect(flag.env, flag.name).toMatch(/^SV72_[A-Z0-9_]+$/);
  });

  it('has --json, --quiet and a schema of its result', () => {
    expect(Object.keys(command.flags)).toEqual(expect.arrayContaining(['json', 'quiet', 'config']));
    expect(Object.keys(RESULTS)).toContain(id);
  });
});

it('no schema is left over', () => {
  expect(Object.keys(RESULTS).sort()).toEqual(commands.map(([id]) => id).sort());
});
