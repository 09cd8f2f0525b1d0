export { CHECKS } from './checks/index.ts';
export { chosenChecks } from './choose.ts';
export { type ContextOptions, doctorContext } from './context.ts';
export { renderDiagnosis } from './render.ts';
export { exitOf, type RunOptions, runChecks, worst } from './run.ts';
export type { Check, Diagnosis, DoctorContext, Finding, Status } from './types.ts';
