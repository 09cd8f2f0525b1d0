import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';

/**
 * A word of a systemd unit: quoted, and neither a specifier nor a variable.
 *
 * @throws Sv72Error ERR_SERVICE_TEXT for line breaks and control characters
 */
export function unitWord(text: string): string {
  const plain = unitText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain}"`;
}

/**
 * A value of a systemd unit that is not split into words: no specifier.
 *
 * @throws Sv72Error ERR_SERVICE_TEXT
 */
export function unitText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would begin another setting
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new Sv72Error(
      'ERR_SERVICE_TEXT',
      'A path or name has control characters and cannot stand in a service file.',
    );
  }
  return text.replaceAll('%', '%%');
}

/** Absolute path of a program, as service managers want it. @returns undefined: it is nowhere on the path */
export function whichProgram(name: string, path: string | undefined): string | undefined {
  if (isAbsolute(name)) return name;
  for (const folder of (path ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Another folder may have it.
    }
  }
  return undefined;
}
