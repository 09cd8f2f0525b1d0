import type { ErrorEntry } from './types.ts';

export const deployErrors = {
  ERR_CONTROL: {
    who: 'outside',
    exit: 3,
    meaning:
      'The running miner cannot take orders: its local socket could not be made, or not for this user alone.',
    next: 'Look at the folder that the message names; the miner itself serves on.',
  },
  ERR_CONTROL_LOST: {
    who: 'outside',
    exit: 3,
    meaning: 'The running miner ended, or broke off, before it had carried out the order.',
    next: 'See with `sv72 deploy status` whether it runs and which model is live.',
  },
  ERR_CONTROL_REQUEST: {
    who: 'outside',
    exit: 3,
    meaning:
      'The running miner did not understand the order: it may be of another version than this command.',
    next: 'Start the miner again with this version.',
  },
  ERR_NO_MINER: {
    who: 'user',
    exit: 1,
    meaning: 'No miner of this user runs on this machine, or not the one that was named.',
    next: 'Start one with `sv72 serve`; its models are changed while it runs.',
  },
  ERR_MANY_MINERS: {
    who: 'user',
    exit: 1,
    meaning: 'Several miners run on this machine, and the order is for one.',
    next: 'Name one of its hotkeys with --miner.',
  },
  ERR_DEPLOY_BUSY: {
    who: 'user',
    exit: 1,
    meaning: 'A model is being tried or loaded already; there is one candidate at a time.',
    next: 'See it with `sv72 deploy status`; promote it or roll it back first.',
  },
  ERR_DEPLOY_NONE: {
    who: 'user',
    exit: 1,
    meaning:
      'There is no candidate to promote, no earlier model to go back to, or its bundle was changed on disk since.',
    next: 'Begin with `sv72 deploy canary` or `sv72 deploy shadow`.',
  },
  ERR_DEPLOY_MEMORY: {
    who: 'user',
    exit: 1,
    meaning: 'The memory that is free does not hold a second model beside the live one.',
    next: 'Free memory, or stop the miner and start it with the new bundle.',
  },
  ERR_DEPLOY_SERVER: {
    who: 'user',
    exit: 1,
    meaning:
      'The live model is a chat model on an inference server, which no bundle can replace while it runs.',
    next: 'Change the profile in sv72.yaml and start `sv72 serve` anew.',
  },
  ERR_DEPLOY_SLOW: {
    who: 'user',
    exit: 1,
    meaning: 'The new model takes longer for a picture than answers may take; it was given no request.',
    next: 'Use a smaller model or a quantized variant, or raise deploy.max_latency_ms.',
  },
  ERR_DEPLOY_WORSE: {
    who: 'user',
    exit: 1,
    meaning:
      'The new model gets more labelled pictures wrong than the live one; it was given no request. Or the rules speak against the candidate that was to be promoted.',
    next: 'Compare the two with `sv72 evaluate --compare`; --force overrules.',
  },
} as const satisfies Record<string, ErrorEntry>;
