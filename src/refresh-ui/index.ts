export { namesOf, type OwnHotkey, RefreshCommand } from './command.ts';
export { amount, planOf, runJson, runLines, stepVariables } from './cycle.ts';
export { dateFlags, lookFlags, secondsOf } from './flags.ts';
export { dueLines, modelJson, modelLines, noticeJson, unpublished } from './render.ts';
export { launchOf, onlyHere, scheduleFolder } from './scheduler.ts';
