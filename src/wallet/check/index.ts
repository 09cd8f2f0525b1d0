import { join } from 'node:path';
import { Sv72Error } from '../../errors/index.ts';
import { nameProblem } from '../../key-names/index.ts';
import { entriesIn } from '../files.ts';
import { listWallets } from '../list.ts';
import type { Passwords } from '../load.ts';
import type { Finding } from './finding.ts';
import { checkFolder } from './folder.ts';
import { type CheckedKey, checkKey } from './key.ts';
import { checkLeftovers } from './leftovers.ts';

export type { Finding, FindingName, Severity } from './finding.ts';

export interface CheckOptions {
  /** Only this wallet. */
  readonly wallet?: string | undefined;
  /** Opens encrypted keyfiles, to look inside; without it their insides are not checked. */
  readonly passwords?: Passwords | undefined;
}

export interface CheckReport {
  readonly findings: readonly Finding[];
  /** Names of the wallets looked at. */
  readonly wallets: readonly string[];
  /** Keys looked at. */
  readonly keys: number;
  /** Encrypted keys that were not opened, so that their insides are unknown. */
  readonly unopened: number;
}

/**
 * Looks at every file of the wallets in a folder: permissions, whether public and private parts belong together,
 * encryption, forms that other tools cannot read, keys that exist twice, and what interrupted writes left behind.
 * Changes nothing; a finding that can be repaired carries its repair.
 * @throws ERR_WALLET_NOT_FOUND when the wallet asked for does not exist, ERR_FILE_READ
 */
export async function checkWallets(root: string, options: CheckOptions = {}): Promise<CheckReport> {
  const names = folders(root).filter((name) => options.wallet === undefined || name === options.wallet);
  if (options.wallet !== undefined && names.length === 0) {
    throw new Sv72Error('ERR_WALLET_NOT_FOUND', `There is no wallet "${options.wallet}".`, {
      details: { path: join(root, options.wallet) },
    });
  }
  const findings: Finding[] = [];
  const keys: CheckedKey[] = [];
  for (const wallet of names) {
    findings.push(...checkFolder(root, wallet), ...checkLeftovers(root, wallet));
    for (const hotkey of [undefined, ...hotkeyNames(join(root, wallet, 'hotkeys'))]) {
      const location = { root, wallet, ...(hotkey === undefined ? {} : { hotkey }) };
      const checked = await checkKey(location, options.passwords);
      findings.push(...checked.findings);
      if (checked.ss58 !== undefined || checked.unopened || checked.findings.length > 0) keys.push(checked);
    }
  }
  // A key that exists twice matters across all wallets, also when only one of them is looked at.
  findings.push(...duplicates(root, options.wallet));
  return {
    findings,
    wallets: names,
    keys: keys.length,
    unopened: keys.filter(({ unopened }) => unopened).length,
  };
}

function folders(root: string): string[] {
  return entriesIn(root)
    .filter((entry) => !entry.isFile() && nameProblem(entry.name) === undefined)
    .map(({ name }) => name)
    .filter((name) =>
      entriesIn(join(root, name)).some((entry) =>
        /^(coldkey|coldkeypub\.txt|hotkeys)$|\.sv72(new|old)$/.test(entry.name),
      ),
    )
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function hotkeyNames(folder: string): string[] {
  const names = entriesIn(folder)
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name.replace(/pub\.txt$/, ''));
  return [...new Set(names)]
    .filter((name) => nameProblem(name) === undefined)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** One hotkey in two places means two miners that answer, and get banned or deregistered, as one. */
function duplicates(root: string, only: string | undefined): Finding[] {
  const places = new Map<string, { wallet: string; hotkey?: string }[]>();
  for (const { name: wallet, coldkey, hotkeys } of listWallets(root)) {
    if (coldkey?.ss58) places.set(coldkey.ss58, [...(places.get(coldkey.ss58) ?? []), { wallet }]);
    for (const { name: hotkey, ss58 } of hotkeys) {
      if (ss58) places.set(ss58, [...(places.get(ss58) ?? []), { wallet, hotkey }]);
    }
  }
  return [...places].flatMap(([ss58, same]) => {
    const hotkeys = same.filter(({ hotkey }) => hotkey !== undefined);
    const concerns = only === undefined || same.some(({ wallet }) => wallet === only);
    const first = hotkeys[0];
    if (!concerns || first === undefined || same.length < 2) return [];
    const listed = hotkeys.map(({ wallet, hotkey }) => `${wallet}/${hotkey}`).join(', ');
    const asColdkey = same.find(({ hotkey }) => hotkey === undefined);
    const path = join(root, first.wallet, 'hotkeys', first.hotkey ?? '');
    const common = { severity: 'warning', wallet: first.wallet, hotkey: first.hotkey, path } as const;
    return [
      ...(hotkeys.length > 1
        ? [
            {
              ...common,
              name: 'duplicate-hotkey' as const,
              message: `The hotkey ${ss58} exists ${hotkeys.length} times: ${listed}.`,
              next: 'Run a miner with one of them only; a hotkey belongs to one coldkey and one UID per subnet.',
            },
          ]
        : []),
      ...(asColdkey
        ? [
            {
              ...common,
              name: 'hotkey-is-coldkey' as const,
              message: `The hotkey ${listed} is the same key as the coldkey of wallet "${asColdkey.wallet}".`,
              next: 'Make a new hotkey: this one puts the funds of the coldkey on every machine that mines.',
            },
          ]
        : []),
    ];
  });
}

/**
 * Repairs what can be repaired, in order. A repair that fails leaves its file as it was.
 * @returns the findings that are repaired
 */
export async function repair(findings: readonly Finding[]): Promise<ReadonlySet<Finding>> {
  const repaired = new Set<Finding>();
  for (const finding of findings) {
    try {
      await finding.repair?.();
      if (finding.repair) repaired.add(finding);
    } catch {
      // It stays in the list as not repaired.
    }
  }
  return repaired;
}
