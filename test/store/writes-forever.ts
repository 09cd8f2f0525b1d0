import { openStoreWriter } from '../../src/store/index.ts';
import { request, writerOptions } from './sample.ts';

/** Writes to the store in the folder named by the first argument until it is killed. */
const folder = process.argv[2] ?? '';
const writer = openStoreWriter({ ...writerOptions(folder), flushMs: 1, imageFolder: `${folder}/images` });
let n = 0;
setInterval(() => {
  for (let i = 0; i < 50; i++) writer.record(request());
  writer.keepImage({ at: n, sha256: (n++).toString(16).padStart(64, '0'), bytes: new Uint8Array(500) });
  if (writer.stats().written > 0) process.stdout.write('.');
}, 1);
