import { Flags } from '@oclif/core';
import { OPTIONS, type OptionKey, type OptionNames, ownVariable } from '../config/index.ts';

/** Spellings of --json, of both generations of btcli. */
const JSON_FLAGS = ['json', 'json-output', 'json-out', 'json_output'];

/**
 * Whether the result is to be JSON, read from the raw arguments, so that even a usage error knows it.
 */
export function wantsJson(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const end = argv.indexOf('--');
  const seen = end === -1 ? argv : argv.slice(0, end);
  return (
    seen.some((word) => JSON_FLAGS.includes(word.slice(2)) && word.startsWith('--')) || isTrue(env.SV72_JSON)
  );
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(1|true|yes|y|on)$/i.test(text);
}

/** The flag of a setting, with all its names; its value is taken up by `Sv72Command.settings()`. */
export function settingFlag(key: OptionKey) {
  return Flags.string({ ...common(key), multiple: false });
}

/** As `settingFlag`, for a setting that is a list: repeated or with commas. */
export function settingListFlag(key: OptionKey) {
  return Flags.string({ ...common(key), multiple: true, multipleNonGreedy: true });
}

/** As `settingFlag`, for a setting that is yes or no; `--no-…` says no. */
export function settingSwitch(key: OptionKey) {
  return Flags.boolean({ ...common(key), allowNo: true });
}

function common(key: OptionKey) {
  const option: OptionNames = OPTIONS[key];
  return {
    summary: option.summary,
    ...(isChar(option.char) && { char: option.char }),
    aliases: [...(option.aliases ?? [])],
    env: ownVariable(key),
  };
}

type Char = 'w' | 'H' | 'p' | 'n';

function isChar(char: string | undefined): char is Char {
  return char !== undefined && /^[wHpn]$/.test(char);
}

interface EnvironmentBound {
  env?: string;
}

/**
 * Gives every flag its environment variable (SV72_ and the flag's name), where it has none yet.
 * Commands wrap their own flags in it: `static override flags = withEnv({ … })`.
 */
export function withEnv<F extends Record<string, EnvironmentBound>>(flags: F): F {
  for (const [name, flag] of Object.entries(flags)) {
    flag.env ??= `SV72_${name.replaceAll('-', '_').replaceAll('.', '_').toUpperCase()}`;
  }
  return flags;
}

/** Flags that every command has. */
export const globalFlags = withEnv({
  json: Flags.boolean({
    summary: 'print the result as JSON',
    aliases: JSON_FLAGS.slice(1),
    helpGroup: 'GLOBAL',
  }),
  quiet: Flags.boolean({ char: 'q', summary: 'print nothing but the result', helpGroup: 'GLOBAL' }),
  config: Flags.string({ summary: 'configuration file instead of the usual sv72.yaml', helpGroup: 'GLOBAL' }),
});

/** Which wallet and hotkey. */
export const walletFlags = {
  'wallet-name': settingFlag('wallet.name'),
  hotkey: settingFlag('wallet.hotkeys'),
  'wallet-path': settingFlag('wallet.path'),
};

/** Which chain and subnet. */
export const networkFlags = {
  network: settingFlag('network'),
  netuid: settingFlag('netuid'),
};

/** How the chain is connected to; every command that does has them. */
export const connectionFlags = {
  'fallback-endpoints': settingListFlag('chain.fallback_endpoints'),
  'chain-timeout': settingFlag('chain.timeout_s'),
};

/** For commands that ask before they act. */
export const yesFlag = withEnv({
  yes: Flags.boolean({
    char: 'y',
    aliases: ['no-prompt', 'no_prompt'],
    summary: 'answer the question with yes instead of asking',
  }),
});
