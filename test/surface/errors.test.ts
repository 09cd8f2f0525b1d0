import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/errors/index.ts';
import { Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

const box = new Sandbox();
afterAll(() => box.remove());

const sources = execFileSync('git', ['ls-files', 'src', 'commands'], { encoding: 'utf8' }).trim().split('\n');

describe('the error table', () => {
  it('says for every code what it means and what to do, in sentences', () => {
    for (const [code, entry] of Object.entries(ERRORS)) {
      expect(code).toMatch(/^ERR_[A-Z0-9_]+$/);
      expect(entry.meaning, code).toMatch(/[.!?]$/);
      expect(entry.next, code).toMatch(/[.!?]$/);
    }
  });

  it('has no code that nothing throws', () => {
    const used = execFileSync(
      'grep',
      ['-hoE', "'ERR_[A-Z0-9_]+'", ...sources.filter((f) => !f.startsWith('src/errors/'))],
      {
        encoding: 'utf8',
      },
    );
    for (const code of Object.keys(ERRORS)) expect(used, code).toContain(`'${code}'`);
  });

  it('is what `errors` and `explain` print', async () => {
    const all = await box.json(['errors']);
    expectSchema('errors', all.json);
    const one = await box.json(['explain', 'usage']);
    expectSchema('explain', one.json);
    expect(one.json).toMatchObject({ code: 'ERR_USAGE', exit: 2 });
    const chains = await box.json(['explain', '1010: Invalid Transaction: Custom error: 12']);
    expectSchema('explain', chains.json);
    expect(chains.json).toMatchObject({ name: 'ServingRateLimitExceeded', custom: 12, code: 'rate_limited' });
    const none = await box.json(['explain', 'ERR_NOPE']);
    expect(none).toMatchObject({ exit: 1, json: { error: { code: 'ERR_UNKNOWN_CODE' } } });
  });
});
