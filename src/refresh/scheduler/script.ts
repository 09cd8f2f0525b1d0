import { delimiter, isAbsolute, join } from 'node:path';

/** What a schedule needs to start `sv72 refresh` later, from nowhere. */
export interface Launch {
  /** The running Node.js, absolute. */
  readonly node: string;
  /** bin/run.js of this sv72, absolute. */
  readonly program: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Configuration file that was named on the command line, absolute. */
  readonly config: string | undefined;
  /** Folder of the script and its log. */
  readonly folder: string;
}

/** Variables beside our own that change what a command does or reaches. */
const KEPT = [
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_RUNTIME_DIR',
  'HF_HOME',
  'HF_TOKEN_PATH',
  'HF_ENDPOINT',
  'BTCLI_CONFIG',
  'BTCLI_CONFIG_PATH',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_USE_ENV_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'TZ',
  'LANG',
  'DISPLAY',
];

/** Ours and btcli's variables are settings, except those that hold or ask for secrets or belong to one command. */
const SECRET = /TOKEN$|PASSWORD|SECRET|WEBHOOK|_KEY$|MNEMONIC|SEED|_URI$|_FD$|JSON$|QUIET$|DRY_RUN$|DONE$/;

const LOG_BYTES = 524_288;

export function scriptPath(folder: string): string {
  return join(folder, 'refresh.sh');
}

export function logPath(folder: string): string {
  return join(folder, 'refresh.log');
}

/** The environment that the script sets: no secrets, as it is a file. */
export function keptEnvironment({ node, home, env, config }: Launch): Record<string, string> {
  const path = [...new Set([join(node, '..'), ...(env.PATH ?? '').split(delimiter), '/usr/bin', '/bin'])];
  const kept: Record<string, string> = {
    HOME: home,
    PATH: path.filter((dir) => isAbsolute(dir)).join(delimiter),
  };
  for (const [name, value] of Object.entries(env)) {
    const ours = /^(SV72|BT)_[A-Z0-9_]+$/.test(name) && !SECRET.test(name);
    if (value !== undefined && value !== '' && (ours || KEPT.includes(name))) kept[name] = value;
  }
  if (config !== undefined) kept.SV72_CONFIG = config;
  return kept;
}

/**
 * The script that every scheduler starts: absolute paths, the environment, and a log of what was said, which is kept
 * to two files of half a MiB. It ends with the exit code of `sv72 refresh`.
 */
export function scriptText(launch: Launch): string {
  const exports = Object.entries(keptEnvironment(launch)).map(
    ([name, value]) => `export ${name}=${quote(value)}`,
  );
  const log = quote(logPath(launch.folder));
  return `#!/bin/sh
# Written by \`sv72 refresh install\`, which replaces it; \`sv72 refresh uninstall\` removes it.
umask 077
${exports.join('\n')}
log=${log}
cd ${quote(launch.home)} || exit 1
said=$(${quote(launch.node)} ${quote(launch.program)} refresh 2>&1)
code=$?
if [ -n "$said" ] || [ "$code" -ne 0 ]; then
  if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt ${LOG_BYTES} ]; then mv -f "$log" "$log.1"; fi
  printf '%s exit %s\\n%s\\n' "$(date '+%Y-%m-%d %H:%M:%S %z')" "$code" "$said" >>"$log"
fi
exit "$code"
`;
}

/** A word for /bin/sh that means exactly this text. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_/.:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
