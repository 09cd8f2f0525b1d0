import { Flags } from '@oclif/core';
import { parseTao, type Rao } from '../../amount/index.ts';
import { parseDuration } from '../../chain/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { networkFlags, settingListFlag, walletFlags, withEnv, yesFlag } from '../../ui/index.ts';
import { unlockFlags } from '../../wallet-ui/index.ts';

const MODEL_REPO = /^[A-Za-z0-9][\w.-]{0,95}\/[\w.-]{1,96}$/;

const tao = Flags.custom<Rao>({
  parse: async (text) => {
    const amount = parseTao(text.replace(/^τ\s*/, ''));
    if (amount !== undefined) return amount;
    throw new Sv72Error('ERR_USAGE', 'An amount of TAO is a decimal number with at most nine decimals.', {
      next: 'Write it like 0.05.',
    });
  },
});

const duration = Flags.custom<number>({
  parse: async (text) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    throw new Sv72Error('ERR_USAGE', 'A time is written like 45m, 6h or 1h30m, and is at most 30 days.');
  },
});

const modelRepo = Flags.custom<string>({
  parse: async (text) => {
    if (MODEL_REPO.test(text)) return text;
    throw new Sv72Error('ERR_USAGE', 'A model repository is written user/name.');
  },
});

/** Flags of everything that talks to NATIX's server. */
export const natixFlags = withEnv({
  'model-repo': modelRepo({ summary: 'your model on Hugging Face, user/name', helpGroup: 'NATIX' }),
  'natix-url': Flags.string({ summary: 'another server than NATIX’s own', helpGroup: 'NATIX' }),
});

export const registerFlags = {
  ...walletFlags,
  hotkey: settingListFlag('wallet.hotkeys'),
  ...networkFlags,
  ...withEnv({
    'hotkey-address': Flags.string({
      summary: 'register a hotkey that lives elsewhere, by its address; may be repeated',
      multiple: true,
      multipleNonGreedy: true,
      aliases: ['hotkey-ss58', 'hotkey_ss58'],
    }),
    proxy: Flags.string({
      summary: 'register for this coldkey’s address, as its proxy: it pays the price and owns the hotkey',
      aliases: ['proxy-for'],
    }),
    'max-price': tao({ summary: 'the most that one registration may cost, in TAO', helpGroup: 'PRICE' }),
    'wait-for-price': tao({
      summary:
        'wait until the price has fallen to this, in TAO; also the ceiling, unless --max-price is higher',
      helpGroup: 'PRICE',
    }),
    timeout: duration({
      summary: 'how long to wait for the price, or to search for a proof of work, such as 45m or 6h',
      default: 6 * 3_600_000,
      defaultHelp: async () => '6h',
      helpGroup: 'PRICE',
    }),
    'accept-unpaid': Flags.boolean({
      summary: 'register also when the subnet pays its miners nothing now',
      helpGroup: 'PRICE',
    }),
    pow: Flags.boolean({
      summary: 'register by proof of work where the subnet takes it: costs only the fee',
      helpGroup: 'PROOF OF WORK',
    }),
    'pow-threads': Flags.integer({
      summary: 'threads that search; one a core unless given',
      aliases: ['pow-workers'],
      min: 1,
      max: 1_024,
      helpGroup: 'PROOF OF WORK',
    }),
    'dry-run': Flags.boolean({
      aliases: ['dry_run'],
      summary: 'show the bill, let the node check the signed transaction, and send nothing',
      helpGroup: 'WITHOUT SENDING',
    }),
    rehearse: Flags.boolean({
      summary: 'execute the very call on a local fork of the chain, and send nothing (docs/rehearse.md)',
      exclusive: ['dry-run', 'print-call', 'pow', 'natix'],
      helpGroup: 'WITHOUT SENDING',
    }),
    'print-call': Flags.boolean({
      summary: 'print the call for signing elsewhere, and send nothing',
      exclusive: ['dry-run', 'pow', 'natix'],
      helpGroup: 'WITHOUT SENDING',
    }),
    natix: Flags.boolean({
      summary: 'then register with NATIX’s own server too (optional)',
      dependsOn: ['model-repo'],
      exclusive: ['hotkey-address'],
      helpGroup: 'NATIX',
    }),
  }),
  ...natixFlags,
  ...yesFlag,
  ...unlockFlags,
};

/** What register is told, after parsing. */
export interface RegisterFlags {
  readonly 'hotkey-address'?: readonly string[] | undefined;
  readonly proxy?: string | undefined;
  readonly 'max-price'?: Rao | undefined;
  readonly 'wait-for-price'?: Rao | undefined;
  readonly timeout: number;
  readonly 'accept-unpaid': boolean;
  readonly pow: boolean;
  readonly 'pow-threads'?: number | undefined;
  readonly yes: boolean;
}
