import { Flags } from '@oclif/core';
import type { ResultOf } from '../../src/results/index.ts';
import { walletFlags, withEnv } from '../../src/ui/index.ts';
import { checkWallets, repair } from '../../src/wallet/index.ts';
import { findingText, unlockFlags, WalletCommand } from '../../src/wallet-ui/index.ts';

export default class WalletCheck extends WalletCommand {
  static override summary =
    'Look for what is wrong with wallets: permissions, keys that do not match, forms other tools cannot read, leftovers.';
  static override description =
    'Changes nothing unless --fix is given. With --unlock encrypted keys are opened, to look inside them too. The exit code is 1 when a problem is left.';
  static override examples = [
    '<%= config.bin %> wallet check',
    '<%= config.bin %> wallet check --fix',
    '<%= config.bin %> wallet check --wallet-name main --unlock --fix',
  ];
  static override hiddenAliases = ['w:check', 'wallets:check'];
  static override flags = {
    'wallet-name': walletFlags['wallet-name'],
    'wallet-path': walletFlags['wallet-path'],
    ...withEnv({
      fix: Flags.boolean({ summary: 'repair what can be repaired safely' }),
      unlock: Flags.boolean({ summary: 'open encrypted keys with their passwords' }),
    }),
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'wallet check'>> {
    const { flags } = await this.parse(WalletCheck);
    const path = await this.root(flags);
    const passwords = flags.unlock ? this.passwords(flags) : undefined;
    const look = async () => await checkWallets(path, { wallet: flags['wallet-name'], passwords });
    const report = await look();
    const repaired = flags.fix ? await repair(report.findings) : new Set();
    const findings = report.findings.map((finding) => ({ finding, repaired: repaired.has(finding) }));
    for (const { finding, repaired } of findings) this.say(findingText(finding, repaired));
    const problems = findings.filter(
      ({ finding, repaired }) => finding.severity === 'problem' && !repaired,
    ).length;
    this.say(
      `Wallets: ${report.wallets.length}, keys: ${report.keys}, problems: ${problems} (${path})${report.unopened > 0 && !flags.unlock ? `; not looked inside: ${report.unopened} encrypted, see --unlock` : ''}`,
    );
    if (problems > 0) process.exitCode = 1;
    return {
      path,
      wallets: [...report.wallets],
      keys: report.keys,
      unopened: report.unopened,
      problems,
      findings: findings.map(({ finding: { repair, hotkey = null, ...finding }, repaired }) => ({
        ...finding,
        hotkey,
        repairable: repair !== undefined,
        repaired,
      })),
    };
  }
}
