// Runs a child as commands do, and says what comes of the signals that it gets.
import { execa } from 'execa';
import { listenForInterruption } from '../../src/ui/interrupt.ts';

const { signal, over } = listenForInterruption();
const child = execa(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { reject: false });
process.send?.('running');
signal.addEventListener('abort', () => process.send?.('stopping'));
process.on('message', () => {
  over();
  child.kill('SIGKILL');
});
await child;
process.send?.('stopped');
process.disconnect?.();
