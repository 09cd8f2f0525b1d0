export { type AddressOptions, type AnnouncedAddress, announcedAddress } from './address.ts';
export { type AnnounceOptions, announce, type Done } from './announce.ts';
export {
  type Announced,
  type Announcement,
  announcementCall,
  decide,
  isSame,
  type Place,
  placeOf,
  placeText,
  RESET,
  samePlace,
  versionNumber,
} from './announcement.ts';
export { type AxonFacts, type AxonFinding, compareAxon } from './compare.ts';
export type { ChainAccess } from './messages.ts';
export { type PermitRules, type PermitVerdict, stakeOfSetting } from './permits.ts';
export {
  createPresence,
  type HotkeyPresence,
  type Presence,
  type PresenceOptions,
  type PresenceStatus,
} from './presence.ts';
export { type Probe, probe, probeText } from './probe.ts';
export { type ChainView, type OwnStanding, readAnnounced, readView } from './view.ts';
