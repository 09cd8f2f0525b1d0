export {
  isAlive,
  killProcessesWith,
  type ProcessId,
  processesWith,
  processId,
  send,
  signalProcess,
} from './process-id.ts';
