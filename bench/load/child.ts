import { honestLoad } from './honest.ts';
import { JunkSender } from './junk.ts';
import type { FromChild, ToChild } from './protocol.ts';

/** A process of its own that loads a server: what it computes must not slow down what it measures. */
let junk: JunkSender | undefined;

process.on('message', async (message: ToChild) => {
  if (message.do === 'load') tell({ done: 'load', result: await honestLoad(message.order) });
  else if (message.do === 'junk') junk = new JunkSender(message.order);
  else if (junk !== undefined) tell({ done: 'junk', result: junk.stop() });
});
process.on('disconnect', () => process.exit());

function tell(message: FromChild): void {
  process.send?.(message);
}
