export { type BillLine, type RunBill, suggestedCeiling, unregistered } from './bills.ts';
export type { NodeCheck, PlannedCall, SignedCheck } from './dry-run.ts';
export type { Way } from './journal/index.ts';
export type { Preparation } from './prepare.ts';
export { proxyDeposit } from './proxy.ts';
export { billLines, newsLine } from './render.ts';
export type {
  Receipt,
  Registered,
  RegisterNews,
  RegisterRequest,
  SignerAccount,
  Target,
} from './request.ts';
export type { HotkeyState, Survey } from './survey.ts';
