import { join, resolve } from 'node:path';
import { dataFolder, ourSurroundings, type Settings } from '../config/index.ts';
import { type Launch, secretPlaces } from '../refresh/index.ts';

/** Folder of the script that schedulers start, and of its log. */
export function scheduleFolder(): string {
  return join(dataFolder(ourSurroundings()), 'refresh');
}

/** How this very sv72 is started again. @param config what --config named */
export function launchOf(root: string, config: string | undefined): Launch {
  const { env, home, cwd } = ourSurroundings();
  return {
    node: process.execPath,
    program: join(root, 'bin', 'run.js'),
    home,
    env,
    config: config === undefined ? undefined : resolve(cwd, config),
    folder: scheduleFolder(),
  };
}

/** Secrets that only this terminal has: a scheduled run would not find them. */
export function onlyHere({ refresh }: Settings): string[] {
  const { env } = ourSurroundings();
  const places = secretPlaces(refresh);
  return refresh.channels.flatMap((name) => {
    const place = places[name];
    if (place === null || place.file !== null || !env[place.variable]) return [];
    return [
      `The secret of ${name} is in ${place.variable}, which a scheduled run does not have: write it to a file and set ${place.setting}.`,
    ];
  });
}
