/** What changes nothing of what is made. */
const ASIDE = new Set(['--json', '--quiet', '-q', '--yes', '-y', '--replace']);

/** The command line that makes a dataset again, as a person could type it. @param id such as `data:draw` */
export function commandLine(id: string, argv: readonly string[]): string {
  const words = ['sv72', ...id.split(':'), ...argv.filter((word) => !ASIDE.has(word))];
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
