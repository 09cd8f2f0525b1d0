import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { askControl, type ControlHandler, controlPlace, serveControl } from '../../src/control/index.ts';
import { replyFrom, requestFrom } from '../../src/control/protocol.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { temporaryFolder } from '../inference/models.ts';

async function serving(handle: ControlHandler): Promise<string> {
  const path = join(await temporaryFolder(), 'x.sock');
  const server = await serveControl(path, handle);
  onTestFinished(() => server.close());
  return path;
}

async function raw(path: string, line: string): Promise<string> {
  const socket = createConnection(path);
  socket.write(line);
  return await text(socket);
}

test('an order is carried out, with its progress', async () => {
  const path = await serving(async (request, progress) => {
    progress('one');
    progress('two');
    return { did: request.do, with: request.with };
  });
  const seen: string[] = [];
  const result = await askControl(path, { do: 'this', with: { a: 1 } }, (message) => seen.push(message));
  expect(result).toEqual({ did: 'this', with: { a: 1 } });
  expect(seen).toEqual(['one', 'two']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a refusal arrives as the error that it is', async () => {
  const path = await serving(async () => {
    throw new Sv72Error('ERR_DEPLOY_NONE', 'There is none.', { next: 'Make one.' });
  });
  await expect(askControl(path, { do: 'x', with: {} })).rejects.toMatchObject({
    code: 'ERR_DEPLOY_NONE',
    message: 'There is none.',
    next: 'Make one.',
  });
});

test('a bug of the handler is told and survived', async () => {
  let calls = 0;
  const path = await serving(async () => {
    calls += 1;
    if (calls === 1) throw new TypeError('oops');
    return {};
  });
  expect(JSON.parse(await raw(path, '{"do":"x"}\n'))).toMatchObject({ event: 'refused', code: 'ERR_BUG' });
  expect(await askControl(path, { do: 'x', with: {} })).toEqual({});
});

test.each([
  ['no JSON', 'hello\n'],
  ['no order', '{"with":{}}\n'],
  ['details that are a list', '{"do":"x","with":[]}\n'],
])('%s is refused', async (_, line) => {
  const path = await serving(async () => ({}));
  expect(JSON.parse(await raw(path, line))).toMatchObject({ event: 'refused', code: 'ERR_CONTROL_REQUEST' });
});

test('nobody there, and somebody who hangs up', async () => {
  const gone = join(await temporaryFolder(), 'none.sock');
  await expect(askControl(gone, { do: 'x', with: {} })).rejects.toMatchObject({ code: 'ERR_CONTROL_LOST' });
  const path = join(await temporaryFolder(), 'x.sock');
  const server = await serveControl(path, () => new Promise(() => undefined));
  const asked = askControl(path, { do: 'x', with: {} });
  asked.catch(() => undefined);
  await server.close();
  await expect(asked).rejects.toMatchObject({ code: 'ERR_CONTROL_LOST' });
  expect(existsSync(path)).toBe(false);
});

test('its place is this user’s alone; sockets of processes that are gone are removed', async () => {
  const runtime = await temporaryFolder();
  const folder = join(runtime, 'sv72');
  mkdirSync(folder, { mode: 0o700 });
  // No process has the highest number there can be.
  writeFileSync(join(folder, 'serve-4194304.sock'), '');
  writeFileSync(join(folder, `serve-${process.ppid}.sock`), '');
  const path = await controlPlace({ platform: 'linux', env: { XDG_RUNTIME_DIR: runtime }, pid: 7 });
  expect(path).toBe(join(folder, 'serve-7.sock'));
  expect(existsSync(join(folder, 'serve-4194304.sock'))).toBe(false);
  expect(existsSync(join(folder, `serve-${process.ppid}.sock`))).toBe(true);

  const open = await temporaryFolder();
  mkdirSync(join(open, 'sv72'), { mode: 0o755 });
  await expect(controlPlace({ platform: 'linux', env: { XDG_RUNTIME_DIR: open } })).rejects.toMatchObject({
    code: 'ERR_CONTROL',
  });
});

test('no line breaks the parsers', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      replyFrom(line);
      try {
        requestFrom(line);
      } catch (error) {
        expect(error).toBeInstanceOf(Sv72Error);
      }
    }),
  );
});
