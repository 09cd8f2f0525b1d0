export { agreement, askCeiling, ceilingLine, ceilingOf, refuseAbove, showBill } from './agreement.ts';
export { checkLines, SkippableAsk } from './check.ts';
export { natixFlags, type RegisterFlags, registerFlags } from './flags.ts';
export { rehearsalLines, rehearsalNews, rehearseRegistration } from './rehearsal.ts';
export { registerRequest } from './request.ts';
export { registerResult } from './result.ts';
export { registeredUid } from './uid.ts';
