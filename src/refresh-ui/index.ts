export { RefreshCommand } from './command.ts';
export { dateFlags, lookFlags, secondsOf } from './flags.ts';
export { dueLines, modelJson, modelLines, noticeJson } from './render.ts';
