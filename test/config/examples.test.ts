import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadSettings } from '../../src/config/index.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const home = mkdtempSync(join(tmpdir(), 'sv72-examples-'));
afterAll(() => rmSync(home, { recursive: true }));

const examples = readdirSync(DOCS)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    [...readFileSync(join(DOCS, name), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(
      ([, text = '']) => [name, text] as const,
    ),
  );

test.each(examples)('the settings shown in docs/%s are taken as they stand', async (_name, text) => {
  const config = join(home, 'sv72.yaml');
  writeFileSync(config, text);
  const { settings, warnings } = await loadSettings({ config, at: { env: {}, home, cwd: home } });
  expect(warnings).toEqual([]);
  for (const { profile } of settings.miners) expect(settings.profiles).toHaveProperty(profile);
});

test('there are such examples', () => {
  expect(examples.map(([name]) => name)).toContain('serve.md');
});
