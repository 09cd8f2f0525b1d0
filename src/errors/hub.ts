import type { ErrorEntry } from './types.ts';

export const hubErrors = {
  ERR_HUB_REPO: {
    who: 'user',
    exit: 2,
    meaning: 'The name of a Hugging Face repository is missing, or it is none: it has an owner and a name.',
    next: 'Name it as --repo owner/name, or set it once: `sv72 config set hub.repo owner/name`.',
  },
  ERR_HUB_TOKEN: {
    who: 'user',
    exit: 1,
    meaning: 'The Hub needs a token here, and there is none, or it does not accept it.',
    next: 'Make one at huggingface.co/settings/tokens (publishing needs write access) and give it with HF_TOKEN, `hf auth login`, or, to `upload`, --token-fd 3 3<token.txt.',
  },
  ERR_HUB_RIGHTS: {
    who: 'user',
    exit: 1,
    meaning: 'The token is accepted, but it may not write to that repository or make it.',
    next: 'Make a token with write access to the owner of the repository at huggingface.co/settings/tokens.',
  },
  ERR_HUB_NOT_FOUND: {
    who: 'user',
    exit: 1,
    meaning:
      'The repository, revision or file is not on the Hub, or it is private or gated and looks as if it were not.',
    next: 'Check the name and the revision; to see a private repository, give a token of its owner.',
  },
  ERR_HUB_REFUSED: {
    who: 'outside',
    exit: 3,
    meaning: 'The Hub refused a request, for the reason in the message. The repository is as it was.',
    next: 'Mend what the message names and run the same command again: what is uploaded already is not sent again.',
  },
  ERR_HUB_UNREACHABLE: {
    who: 'outside',
    exit: 3,
    meaning:
      'The Hub or its storage did not answer, broke off, or asked to wait for too long, several times in a row.',
    next: 'Run the same command again later: it goes on where it stopped.',
  },
  ERR_HUB_CHANGED: {
    who: 'user',
    exit: 1,
    meaning: 'Somebody else committed to the repository meanwhile, so nothing was committed.',
    next: 'Look at what changed with --dry-run, then run the command again.',
  },
  ERR_HUB_READ_BACK: {
    who: 'outside',
    exit: 3,
    meaning:
      'What was published could not be read back as it was meant to be: a file is missing or has other bytes.',
    next: 'Run the same command again; `sv72 verify` says which files differ.',
  },
  ERR_RELEASE_VERSION: {
    who: 'user',
    exit: 1,
    meaning: 'A published version stays what it is: other files need a higher version, as X.Y.Z.',
    next: 'Publish it under a higher one with --release-version X.Y.Z.',
  },
  ERR_RELEASE_CONTENT: {
    who: 'user',
    exit: 1,
    meaning: 'A file that would be published looks like a secret, or is of a kind that is never published.',
    next: 'Take the file out of the bundle and write the bundle again.',
  },
  ERR_RELEASE_LICENCE: {
    who: 'user',
    exit: 1,
    meaning:
      'The model was made from weights whose licence it stays under and must go with it; the bundle states another one, or holds no file with its text.',
    next: 'Add the licence’s text to the bundle as a file of role licence; `sv72 train` does it by itself.',
  },
  ERR_RELEASE_CHECKPOINT: {
    who: 'user',
    exit: 1,
    meaning: 'The checkpoint in the bundle is not in a form that the image-classification pipeline loads.',
    next: 'Write config.json and model.safetensors again with `sv72 train`, or leave them out with --no-checkpoint.',
  },
} as const satisfies Record<string, ErrorEntry>;
