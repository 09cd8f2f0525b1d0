import type { Launch } from './launch.ts';

/** A command as a person could type it: what it needs of the environment comes first, secrets are left out. */
export function shownCommand(launch: Launch): string[] {
  if (launch.container !== null) return [...launch.command];
  return ['env', ...Object.entries(launch.own).map(([name, value]) => `${name}=${value}`), ...launch.command];
}

/** Words of a command as one line for a shell. */
export function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
