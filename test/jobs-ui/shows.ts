/** Shows a made-up job on the terminal that this process has. */
import { terminalDisplay } from '../../src/jobs-ui/terminal.ts';

const none = { loss: null, metrics: {}, rate: null, unit: null, eta: null, message: null };
const display = terminalDisplay(process.stderr);
display.preparation({ step: 'check' });
display.preparation({ step: 'environment', what: 'packages', line: 'downloading' });
display.preparation({ step: 'started', id: 'job-1', runtime: 'local', logFile: '/log' });
display.record({ event: 'progress', phase: 'cache', step: 5, of: 5, ...none });
display.record({ event: 'warning', message: 'few pictures' });
display.record({ event: 'progress', phase: 'train', step: 1, of: 2, ...none, loss: 0.5 });
display.log('a line of the log');
await display.end(process.argv[2] === 'done' ? 'done' : 'failed');
