import type { ErrorEntry } from './types.ts';

export const minerErrors = {
  ERR_STORE_OPEN: {
    who: 'outside',
    exit: 3,
    meaning:
      'The store of predictions and requests could not be opened: its folder or its disk does not allow it.',
    next: 'Check the folder, its owner and the free space, or name another place with `store.path`.',
  },
  ERR_STORE_DAMAGED: {
    who: 'outside',
    exit: 3,
    meaning:
      'The file that should be the store of predictions and requests is no database, or it is damaged.',
    next: 'Move the file away; sv72 makes a new one.',
  },
  ERR_STORE_NEWER: {
    who: 'user',
    exit: 1,
    meaning: 'The store was written by a newer version of sv72, whose layout this version does not know.',
    next: 'Update sv72, or name another place with `store.path`.',
  },
  ERR_METRICS_PORT: {
    who: 'user',
    exit: 1,
    meaning: 'The address for health and metrics cannot be listened on, often because another miner has it.',
    next: 'Choose another with --metrics-port (0 takes a free one), or go without by --no-metrics.',
  },
  ERR_ALREADY_SERVING: {
    who: 'user',
    exit: 1,
    meaning:
      'Another process on this machine serves the same hotkey. Two would fight over its address and its answers.',
    next: 'Stop the other one first, or serve another hotkey.',
  },
  ERR_NO_MINERS: {
    who: 'user',
    exit: 1,
    meaning: 'All miners of the settings were to be served, but the section `miners` lists none.',
    next: 'List them in sv72.yaml: `miners: [{hotkey: hk1, profile: speed}, …]`; or serve one without --all.',
  },
  ERR_SAME_PORT: {
    who: 'user',
    exit: 1,
    meaning: 'Two of the miners in the settings have the same port, given or counted on from axon.port.',
    next: 'Give one of them another `port` in the section `miners`.',
  },
  ERR_LOCK: {
    who: 'outside',
    exit: 3,
    meaning: 'The lock that keeps a second miner off the same hotkey could not be taken.',
    next: 'Check the permissions of the temporary folder.',
  },
  ERR_CALLERS_FILE: {
    who: 'user',
    exit: 1,
    meaning: 'The file of hotkeys that may ask is missing, unreadable, or lists nobody.',
    next: 'Write one SS58 address a line, with a stake in TAO after it if wanted; `#` starts a comment.',
  },
  ERR_IMAGE_FOLDER: {
    who: 'user',
    exit: 1,
    meaning: 'A folder of labelled images holds no images in sub-folders whose names are labels.',
    next: 'Put the images into two folders named roadwork and none (or 1 and 0) inside it.',
  },
  ERR_IMAGE_READ: {
    who: 'user',
    exit: 1,
    meaning: 'A file is not an image that can be read, or it is larger than 50 megapixels.',
    next: 'Remove the file from the folder, or convert it to JPEG or PNG.',
  },
  ERR_NO_CALLERS: {
    who: 'user',
    exit: 1,
    meaning:
      'A miner that answers nobody is of no use: neither a file of hotkeys nor --allow-any says who may ask.',
    next: 'Name a file of hotkeys with --allow-file, or use --allow-any to try things out on this machine.',
  },
  ERR_FFMPEG_MISSING: {
    who: 'outside',
    exit: 3,
    meaning: 'Clips are read by the program ffmpeg, which is not installed or cannot be started.',
    next: 'Install it (`apt-get install ffmpeg`, `brew install ffmpeg`), or use a profile for pictures.',
  },
  ERR_VIDEO_READ: {
    who: 'user',
    exit: 1,
    meaning: 'A file is no clip that ffmpeg can read, or it holds no pictures.',
    next: 'Try `ffprobe FILE`; convert the clip to MP4 if need be.',
  },
  ERR_DEMO_MODEL: {
    who: 'user',
    exit: 1,
    meaning:
      'The demonstration model was trained on drawn scenes to show how things work. On a live network it would earn nothing and may harm the standing of the hotkey.',
    next: 'Name your own model with --bundle, run with --offline, or insist with --allow-demo-model.',
  },
  ERR_HOTKEY_TWICE: {
    who: 'user',
    exit: 1,
    meaning: 'Two of the hotkeys to serve are the same key, and one key can have one axon only.',
    next: 'Name each hotkey once.',
  },
  ERR_NO_TARGET: {
    who: 'user',
    exit: 2,
    meaning: 'Nobody was named to be asked, or no miner runs where one was looked for.',
    next: 'Name one with --target host:port, or use --local to ask the miners that you run on this machine.',
  },
  ERR_AXON_HOTKEY: {
    who: 'user',
    exit: 2,
    meaning: 'Each request is signed for the hotkey that is asked, so that hotkey has to be known.',
    next: 'Name it with --axon-hotkey: its SS58 address, or its name in the wallet.',
  },
  ERR_SERVE_FAILED: {
    who: 'outside',
    exit: 3,
    meaning: 'The miner that the demonstration started ended, or did not listen in time.',
    next: 'Run `sv72 serve --offline --allow-any` to see why.',
  },
} as const satisfies Record<string, ErrorEntry>;
