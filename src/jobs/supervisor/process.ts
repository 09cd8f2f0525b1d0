/**
 * The process that watches one job: it starts it, keeps what it prints, passes on the wish to stop, and writes down how
 * it ended. It has a session of its own, so a terminal that closes, or a sv72 that is killed, leaves the job running
 * and found again.
 */
import { text } from 'node:stream/consumers';
import type { Orders } from './orders.ts';
import { watch } from './watch.ts';

// A terminal's Ctrl-C is for the sv72 in front of it, which says here what is wanted.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
// Who listens for "started" may be gone.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const orders: Orders = JSON.parse(await text(process.stdin));
await watch(orders, () => process.stdout.write('started\n'));
process.exit();
