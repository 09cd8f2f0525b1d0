import {
  type Announcement,
  createPresence,
  type Presence,
  placeText,
  versionNumber,
} from '../presence/index.ts';
import type { Seat } from './groups.ts';
import type { ServedHotkey } from './identity.ts';
import type { ChainPlan, ServePlan } from './plan.ts';
import type { ListeningAxon } from './status.ts';

export interface StandingOptions {
  readonly plan: Pick<ServePlan, 'netuid'> & { readonly chain: ChainPlan };
  readonly hotkeys: readonly ServedHotkey[];
  readonly note: (level: 'info' | 'warning' | 'error', message: string) => void;
  readonly now: () => number;
}

/** The standing of the served hotkeys on the plan's chain. */
export function openPresence({ plan, hotkeys, note, now }: StandingOptions): Presence {
  const { access, refreshMs, rules, folder } = plan.chain;
  return createPresence({
    access,
    netuid: plan.netuid,
    hotkeys,
    rules,
    refreshMs,
    folder,
    note,
    now,
    signerOf: async (ss58) => {
      const hotkey = hotkeys.find((served) => served.ss58 === ss58);
      if (hotkey === undefined) throw new Error(`${ss58} is not served here.`);
      return await hotkey.unlock();
    },
  });
}

/** What the chain should have of an axon that listens. */
export function announcementsOf(
  { announce }: ChainPlan,
  { hotkey, port, externalPort }: Pick<ListeningAxon, 'hotkey' | 'port'> & Pick<Seat, 'externalPort'>,
  version: string,
): { readonly hotkey: string; readonly announcement: Announcement }[] {
  if (announce === null) return [];
  const { ip } = announce.address;
  const number = versionNumber(version);
  const { prometheusPort } = announce;
  return [
    { hotkey, announcement: { kind: 'axon', version: number, ip, port: externalPort ?? port } },
    ...(prometheusPort === null
      ? []
      : [
          {
            hotkey,
            announcement: { kind: 'prometheus', version: number, ip, port: prometheusPort },
          } as const,
        ]),
  ];
}

/** Where an axon will be announced; null: nowhere. */
export function announcedPlace(
  chain: ChainPlan | null,
  port: number,
  externalPort: number | null,
): { readonly ip: string; readonly port: number } | null {
  const announce = chain?.announce ?? null;
  if (announce === null) return null;
  return { ip: announce.address.text, port: externalPort ?? port };
}

/** Where the chain says that each axon is. */
export function standingOf(
  presence: Presence | undefined,
  hotkey: string,
): Pick<ListeningAxon, 'uid' | 'announced'> {
  const own = presence?.status().hotkeys.find((one) => one.hotkey === hotkey);
  const announced = own?.announced;
  return {
    uid: own?.uid ?? null,
    announced: announced === undefined || announced.ip === 0n ? null : placeText(announced),
  };
}

/** What an operator should know of an axon's standing, for the readiness answer: it would answer, but will it be asked? */
export function standingWarnings(presence: Presence | undefined, hotkeys: readonly ServedHotkey[]): string[] {
  if (presence === undefined) return [];
  const { hotkeys: own, failing, list } = presence.status();
  const nameOf = (ss58: string) => hotkeys.find((hotkey) => hotkey.ss58 === ss58)?.name ?? ss58;
  return [
    ...own
      .filter(({ uid }) => uid === null)
      .map(({ hotkey }) => `"${nameOf(hotkey)}" has no UID on the subnet`),
    ...(failing > 0 && list !== undefined
      ? [`the chain cannot be read; the list of validators is that of block ${list.block}`]
      : []),
  ];
}
