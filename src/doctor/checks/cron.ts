import type { Check } from '../types.ts';

/** Lines of this user's crontab that run sv72, and whether cron would find it. */
export const cron: Check = {
  id: 'cron',
  title: 'cron',
  async run({ program, surroundings }) {
    const table = await program('crontab', ['-l']);
    if (table === undefined) return { status: 'note', sentence: 'There is no cron on this machine.' };
    const lines = table.stdout.split('\n').filter((line) => !line.trimStart().startsWith('#'));
    const ours = lines.filter((line) => /\bsv72\b/.test(line));
    if (ours.length === 0) return { status: 'note', sentence: 'No line of this user’s crontab runs sv72.' };
    const byName = ours.filter((line) => !/\S*\/\S*sv72\b/.test(line));
    const path = lines.find((line) => /^\s*PATH\s*=/.test(line));
    if (byName.length > 0 && path === undefined) {
      return {
        status: 'warning',
        sentence: `cron searches only /usr/bin:/bin, and ${byName.length} of ${ours.length} lines with sv72 name no path.`,
        fix: `(echo 'PATH=${surroundings.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}'; crontab -l) | crontab -`,
      };
    }
    return { status: 'ok', sentence: `${ours.length} lines of this user’s crontab run sv72.` };
  },
};
