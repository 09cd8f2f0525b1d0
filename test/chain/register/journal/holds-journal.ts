import { openJournal } from '../../../../src/chain/register/journal/index.ts';

const journal = openJournal(JSON.parse(process.argv[2] ?? ''));
process.stdout.write('held\n');
setInterval(() => journal.path, 1_000);
