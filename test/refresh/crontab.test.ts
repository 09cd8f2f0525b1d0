import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crontabLines,
  hasBlock,
  openCrontab,
  withBlock,
  withoutBlock,
} from '../../src/refresh/scheduler/crontab.ts';
import { keptEnvironment, type Launch, quote, scriptText } from '../../src/refresh/scheduler/script.ts';

const LINES = crontabLines('/home/me/it’s 100% mine/refresh.sh', 17);

describe('somebody’s crontab', () => {
  it('is byte for byte the same outside of our lines, and wholly when they go', () => {
    const lines = fc.array(
      fc.oneof(
        fc.constant('# >>> mine <<<'),
        fc.constant('MAILTO=""'),
        fc.constant('*/5 * * * * /bin/true % a\\%b'),
        fc.string().map((text) => text.replaceAll('\n', ' ')),
      ),
    );
    const crontabs = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(lines, fc.boolean()).map(([all, end]) => Buffer.from(all.join('\n') + (end ? '\n' : ''))),
      fc.constantFrom(Buffer.from('a\r\nb\r\n'), Buffer.from('no line end'), Buffer.alloc(0)),
    );
    fc.assert(
      fc.property(crontabs, (before) => {
        const after = withBlock(before, LINES);
        expect(hasBlock(after)).toBe(true);
        expect(after.subarray(0, before.length).equals(before)).toBe(true);
        expect(withoutBlock(after).equals(before)).toBe(true);
        expect(withBlock(after, LINES).equals(after)).toBe(true);
        expect(after.includes(Buffer.from(`\n${LINES}\n`))).toBe(true);
      }),
    );
  });

  it('keeps what was added after our lines', () => {
    const after = Buffer.concat([withBlock(Buffer.from('one\n'), LINES), Buffer.from('two\n')]);
    expect(withoutBlock(after).toString()).toBe('one\ntwo\n');
    expect(withBlock(after, LINES).toString()).toMatch(/^one\ntwo\n# >>> sv72/);
  });

  it.each([
    ['an end without a beginning', '# <<< sv72 refresh <<<\n'],
    ['two of them', `${withBlock(Buffer.alloc(0), LINES)}${withBlock(Buffer.alloc(0), LINES)}`],
  ])('is left alone when our marks are broken: %s', (_, text) => {
    expect(() => withBlock(Buffer.from(text), LINES)).toThrow(/left alone/);
    expect(() => withoutBlock(Buffer.from(text))).toThrow(/left alone/);
  });

  it('a % and a quote in the path do not end the command', () => {
    expect(LINES).toBe("17 * * * * /bin/sh '/home/me/it’s 100\\% mine/refresh.sh'");
  });

  it('none at all is an empty one; what cannot be read is no reason to write', async () => {
    const ended = (code: number | null, stderr: string) => async () => ({
      code,
      stdout: Buffer.from('x'),
      stderr,
    });
    expect((await openCrontab(ended(1, 'no crontab for root\n')).read()).length).toBe(0);
    await expect(
      openCrontab(ended(1, 'You (me) are not allowed to use this program')).read(),
    ).rejects.toThrow('not allowed');
    await expect(openCrontab(ended(null, '')).write(Buffer.from('x'))).rejects.toThrow(
      'could not be started',
    );
  });
});

describe('the script', () => {
  const launch = (env: Record<string, string>): Launch => ({
    node: '/opt/node 24/bin/node',
    program: '/opt/sv72/bin/run.js',
    home: "/home/o'neil",
    env,
    config: '/etc/sv72.yaml',
    folder: '/home/me/.local/share/sv72/refresh',
  });

  it('has absolute paths and the settings, and no secret', () => {
    const kept = keptEnvironment(
      launch({
        PATH: '.:/usr/local/bin::/bin:bin',
        SV72_DATA_DIR: '/data',
        BT_WALLET: 'main',
        SV72_SMTP_PASSWORD: 'geheim1',
        SV72_DISCORD_WEBHOOK: 'geheim2',
        SV72_NTFY_TOKEN: 'geheim3',
        SV72_WEBHOOK_SECRET: 'geheim4',
        SV72_TEACHER_KEY: 'geheim5',
        SV72_JSON: '1',
        HF_TOKEN: 'geheim6',
        EDITOR: 'vi',
      }),
    );
    expect(kept).toEqual({
      HOME: "/home/o'neil",
      PATH: '/opt/node 24/bin:/usr/local/bin:/bin:/usr/bin',
      SV72_DATA_DIR: '/data',
      BT_WALLET: 'main',
      SV72_CONFIG: '/etc/sv72.yaml',
    });
  });

  it('means to a shell what was meant', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1 }).filter((text) => !text.includes('\0')),
          { minLength: 1, maxLength: 20 },
        ),
        (words) => {
          const said = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`]);
          expect(said.toString('utf8')).toBe(`${words.join('\0')}\0`);
        },
      ),
      { numRuns: 20 },
    );
    execFileSync('/bin/sh', ['-n'], {
      input: scriptText(launch({ PATH: '/bin', SV72_STORE_PATH: "it's $(here)" })),
    });
  });
});
