export { perDay } from './epoch.ts';
export {
  axonJson,
  cellText,
  cellValue,
  filterRows,
  METAGRAPH_COLUMNS,
  type MetagraphColumn,
  metagraphColumns,
  type NeuronRow,
  neuronJson,
  neuronRows,
  sortRows,
} from './metagraph-view.ts';
export { type ModelAge, modelAge } from './model.ts';
export { type Notification, type NotificationEnd, notify } from './notify.ts';
export { payingExit, payingJson, payingLines, verdictText } from './paying-text.ts';
export {
  expectedText,
  type HotkeyStatus,
  type OwnHotkey,
  readStatus,
  type Status,
  type StatusOptions,
} from './status.ts';
export { statusJson, statusLines } from './status-text.ts';
export { hyperparameterJson, hyperparameterLines, priceText, subnetPairs } from './subnet-text.ts';
export { looks, type Pace, type WatchOptions } from './watch.ts';
