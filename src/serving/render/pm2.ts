import { runCommand } from '../arguments.ts';
import { withModels } from './systemd.ts';
import type { RenderedFile, RenderInput } from './types.ts';

/** An ecosystem file of PM2: it runs the container engine's program and starts it again when it ends. */
export function renderPm2({ specs, folder, engine, person }: RenderInput): RenderedFile[] {
  const apps = specs.map((spec) => {
    const [script = '', ...args] = runCommand(withModels(spec, folder), engine, person, 'foreground');
    return {
      name: spec.name,
      script,
      args,
      interpreter: 'none',
      autorestart: true,
      max_restarts: 5,
      min_uptime: 60_000,
      exp_backoff_restart_delay: 1_000,
      kill_timeout: 30_000,
    };
  });
  return [{ path: 'engines.config.cjs', text: ecosystem('sv72 engine render --for pm2', apps) }];
}

/** The text of an ecosystem file. PM2 knows such files by the end of their names. */
export function ecosystem(command: string, apps: readonly object[]): string {
  return `// Written by \`${command}\`.\nmodule.exports = ${JSON.stringify({ apps }, null, 2)};\n`;
}
