export { Ask } from './ask.ts';
export { Sv72Command } from './command.ts';
export { asSv72Error, failureJson, failureText } from './failure.ts';
export {
  connectionFlags,
  globalFlags,
  networkFlags,
  settingFlag,
  settingListFlag,
  settingSwitch,
  walletFlags,
  withEnv,
  yesFlag,
} from './flags.ts';
export { listenForInterruption, onInterruptions, type SignalSource } from './interrupt.ts';
export { pictureFlags, picturesOf } from './picture-flags.ts';
