import { lockHotkey } from '../../src/miner/lock.ts';
import { lockPlace } from '../../src/miner/lock-place.ts';

/** Takes the lock of the hotkey (first argument) on a platform (second) with a folder (third) and says how it went. */
const [hotkey = '', platform = 'linux', folder = ''] = process.argv.slice(2);
try {
  const place = lockPlace({ platform: platform === 'darwin' ? 'darwin' : 'linux', folder });
  const lock = await lockHotkey(hotkey, place);
  lock.announce({
    pid: process.pid,
    hotkey,
    host: '127.0.0.1',
    port: 8_091,
    routes: ['/ImageSynapse'],
    announcing: null,
    btauthRoute: null,
    control: null,
    version: '0.0.0',
  });
  console.log('locked');
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
}
