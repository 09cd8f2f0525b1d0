export {
  isAlive,
  killProcessesWith,
  type ProcessId,
  processesWith,
  processId,
  signalProcess,
} from './process-id.ts';
