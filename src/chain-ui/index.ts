export { includedJson, requiredAmount } from './amounts.ts';
export { AxonCommand, type OwnHotkeyFile } from './axon.ts';
export { type At, ChainCommand } from './command.ts';
export { type ConnectFor, connectFor } from './connect.ts';
export { sendFlags, watchFlags } from './flags.ts';
export { planProxy, proxyFlags, proxyJson, proxyLines } from './proxy/index.ts';
export {
  agreement,
  askCeiling,
  ceilingLine,
  ceilingOf,
  checkLines,
  natixFlags,
  type RegisterFlags,
  refuseAbove,
  registeredUid,
  registerFlags,
  registerRequest,
  registerResult,
  rehearsalLines,
  rehearsalNews,
  rehearseRegistration,
  SkippableAsk,
  showBill,
} from './register/index.ts';
export { block, type Column, csv, table } from './table.ts';
export { unpaidNote } from './unpaid.ts';
