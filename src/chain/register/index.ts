export { type BillLine, mostTaken, type RunBill, unregistered } from './bills.ts';
export {
  checkRegistration,
  checkWithWork,
  measureWork,
  prepareRegistration,
  registerHotkeys,
} from './door.ts';
export { type PlannedCall, plannedCalls, type SignedCheck } from './dry-run.ts';
export { parseDuration } from './duration.ts';
export type { Way } from './journal/index.ts';
export { countText, proofMs, proofTimeText } from './pow/words.ts';
export type { Preparation } from './prepare.ts';
export { proxyDeposit, readProxies } from './proxy.ts';
export { billLines, newsLine } from './render.ts';
export type {
  Receipt,
  Registered,
  RegisterNews,
  RegisterRequest,
  SignerAccount,
  Target,
} from './request.ts';
