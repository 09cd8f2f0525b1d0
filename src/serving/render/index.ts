import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { PreparedServer } from '../prepare.ts';
import { writeRepository } from '../triton/repository.ts';
import { renderCompose } from './compose.ts';
import { renderKubernetes } from './kubernetes.ts';
import { renderPm2 } from './pm2.ts';
import { renderSystemd } from './systemd.ts';
import { modelsFolder, type RenderedFile, type RenderInput, type RenderKind } from './types.ts';

const RENDER: Readonly<Record<RenderKind, (input: RenderInput) => RenderedFile[]>> = {
  compose: renderCompose,
  systemd: renderSystemd,
  pm2: renderPm2,
  kubernetes: renderKubernetes,
};

/** What was written, and what to do with it. */
export interface Rendered {
  readonly folder: string;
  readonly files: readonly string[];
  /** Commands, in their order. */
  readonly next: readonly string[];
}

/** The files of a kind, as text. */
function renderFiles(kind: RenderKind, input: RenderInput): RenderedFile[] {
  return RENDER[kind](input);
}

/**
 * Writes the files for those who run servers by other means, model repositories of Triton included.
 *
 * @throws Sv72Error ERR_SERVING_NOTHING, ERR_SERVICE_TEXT, ERR_FILE_WRITE
 */
export async function writeRendered(
  kind: RenderKind,
  servers: readonly PreparedServer[],
  input: Omit<RenderInput, 'specs'>,
): Promise<Rendered> {
  if (servers.length === 0) {
    throw new Sv72Error('ERR_SERVING_NOTHING', `The profile ${input.profile} has no inference server.`);
  }
  const { folder } = input;
  const written: string[] = [];
  for (const { path, text } of renderFiles(kind, { ...input, specs: servers.map(({ spec }) => spec) })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeWhole(join(folder, path), text);
    written.push(path);
  }
  for (const { spec, repository } of servers) {
    for (const { what, host } of kind === 'kubernetes' ? [] : spec.mounts) {
      if (what === 'cache' || what === 'hub') await mkdir(host, { recursive: true });
    }
    if (repository === null) continue;
    const at = await writeRepository(join(folder, modelsFolder(spec.id)), await repository());
    written.push(`${at.slice(folder.length + 1)}/config.pbtxt`);
  }
  return { folder, files: written, next: nextSteps(kind, folder, input.engine.program, written) };
}

function nextSteps(kind: RenderKind, folder: string, program: string, files: readonly string[]): string[] {
  if (kind === 'compose') {
    return [`${program.split('/').at(-1)} compose --file ${join(folder, 'compose.yaml')} up --detach`];
  }
  if (kind === 'pm2') return [`pm2 start ${join(folder, 'engines.config.cjs')}`, 'pm2 save'];
  if (kind === 'kubernetes') return [`kubectl apply --filename ${join(folder, 'kubernetes.yaml')}`];
  const units = files.filter((file) => file.endsWith('.service'));
  return [
    ...units.map((file) => `systemctl --user link ${join(folder, file)}`),
    `systemctl --user enable --now ${units.join(' ')}`,
  ];
}
