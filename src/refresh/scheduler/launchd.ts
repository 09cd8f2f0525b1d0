import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { type RunCommand, said } from './command.ts';

const LABEL = 'sv72.refresh';

/** Text of the agent's property list: every hour; a time at which the machine slept is made up for. */
export function agentPlist(script: string, minute: number): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
    <string>/bin/sh</string>
    <string>${xml(script)}</string>
  </array>
  <key>StartCalendarInterval</key>
  <dict>
    <key>Minute</key>
    <integer>${minute}</integer>
  </dict>
  <key>ProcessType</key>
  <string>Background</string>
</dict>
</plist>
`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The user's agents on a Mac. */
export interface Launchd {
  readonly file: string;
  isInstalled(): Promise<boolean>;
  /** Whether launchd has it loaded. */
  isActive(): Promise<boolean>;
  /** @throws ERR_REFRESH_SCHEDULER, ERR_FILE_WRITE */
  install(script: string, minute: number): Promise<void>;
  uninstall(): Promise<void>;
}

export function openLaunchd(home: string, uid: number, run: RunCommand): Launchd {
  const file = join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const domain = `gui/${uid}`;
  return {
    file,
    isInstalled: async () => (await readIfThere(file)) !== undefined,
    isActive: async () => (await run('launchctl', ['print', `${domain}/${LABEL}`])).code === 0,
    async install(script, minute) {
      // One of the same name must go first; that there is none is no failure.
      await run('launchctl', ['bootout', `${domain}/${LABEL}`]);
      await writeWhole(file, agentPlist(script, minute));
      const ended = await run('launchctl', ['bootstrap', domain, file]);
      if (ended.code === 0) return;
      await rm(file, { force: true });
      throw new Sv72Error('ERR_REFRESH_SCHEDULER', `launchd refused the agent: ${said(ended)}.`);
    },
    async uninstall() {
      await run('launchctl', ['bootout', `${domain}/${LABEL}`]);
      await rm(file, { force: true });
    },
  };
}
