/**
 * Makes views in a process of its own: the augmentation is slow JavaScript, and pictures are untrusted bytes.
 * Started by makers.ts, never imported.
 */
import { makeViews } from './make.ts';
import type { FromMaker, MakeOrder } from './messages.ts';

// A terminal's Ctrl-C reaches the whole group; the parent decides when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

const tell = (message: FromMaker): void => {
  process.send?.(message);
};

let last = Promise.resolve();
process.on('message', (order: MakeOrder) => {
  // One after the other: two pictures at a time would need twice the memory and take as long.
  last = last.then(() => work(order));
});

async function work({ id, bytes, objects, recipes, name }: MakeOrder): Promise<void> {
  try {
    for await (const view of makeViews(bytes, objects, recipes, name)) tell({ id, type: 'view', ...view });
    tell({ id, type: 'end' });
  } catch (error) {
    tell({ id, type: 'unreadable', reason: error instanceof Error ? error.message : String(error) });
  }
}
