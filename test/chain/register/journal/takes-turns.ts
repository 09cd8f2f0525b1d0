import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../../../src/chain/register/journal/index.ts';

/** Opens and closes a journal again and again; says how often it had it, and whether anybody else had it at the same time. */
const [options = '{}', rounds = '0'] = process.argv.slice(2);
const at = JSON.parse(options);
const mark = join(at.folder, 'mine');
let had = 0;
let alone = true;
for (let round = 0; round < Number(rounds); round++) {
  try {
    const journal = openJournal(at);
    had++;
    try {
      // Fails when somebody else has it now.
      writeFileSync(mark, '', { flag: 'wx' });
      rmSync(mark);
    } catch {
      alone = false;
    }
    journal.close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_ALREADY_REGISTERING')) throw error;
  }
}
console.log(`had it ${had} times, ${alone ? 'alone' : 'NOT ALONE'}`);
