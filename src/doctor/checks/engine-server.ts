import { join } from 'node:path';
import { MANIFEST_NAME, parseManifest } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { type PlannedServer, planServer } from '../../miner/index.ts';
import type { DoctorContext, DoctorModel, Finding } from '../types.ts';

/** Whether the inference server of a model answers and has it. No picture is sent. */
export async function askServerOf(context: DoctorContext, model: DoctorModel): Promise<Finding> {
  const { run, profileName } = model;
  let server: PlannedServer | null;
  try {
    server = planServer(run, context.surroundings);
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    return { status: 'failed', sentence: error.message, fix: `sv72 explain ${error.code}` };
  }
  if (server === null || !URL.canParse(server.url)) {
    return {
      status: 'failed',
      sentence: `${run.server.url} is no address of an inference server.`,
      fix: 'sv72 explain ERR_SERVER_URL',
    };
  }
  const { host, hostname, origin, pathname } = new URL(server.url);
  const own = /^(localhost|\[::1\]|127(\.\d+){3})$/.test(hostname);
  if (!own && !server.remote) {
    return {
      status: 'failed',
      sentence: `The inference server ${host} is not on this machine, and pictures would leave it.`,
      fix: 'sv72 explain ERR_SERVER_CONSENT',
    };
  }
  const base = `${origin}${pathname}`.replace(/\/+$/, '');
  const wanted = run.engine === 'oip' ? (server.model ?? nameIn(context, model)) : server.model;
  const answer = await askAt(run.engine === 'oip' ? 'oip' : 'openai', base, wanted, server.token);
  const what = `The server ${host}`;
  switch (answer.is) {
    case 'ready':
      return {
        status: 'ok',
        sentence: `${what} answers${wanted === null ? '' : ` and has ${wanted}`}.`,
      };
    case 'absent':
      return run.launch === 'auto'
        ? { status: 'note', sentence: `Nothing answers at ${host} yet; \`serve\` starts the server.` }
        : {
            status: 'failed',
            sentence: `Nothing answers at ${host}, where the inference server should be.`,
            fix: own ? `sv72 engine up --profile ${profileName}` : `curl --head ${base}`,
          };
    case 'loading':
      return {
        status: 'warning',
        sentence: `${what} is not ready: ${answer.why}.`,
        fix: own ? `sv72 engine status --profile ${profileName}` : `curl --head ${base}`,
      };
    case 'other':
      return {
        status: 'failed',
        sentence: `${what} answers, but ${answer.why}.`,
        fix: own ? `sv72 engine status --profile ${profileName}` : `curl --head ${base}`,
      };
  }
}

/** Where the address of a chat model's server has no path, it may be under `/v1`, as `serve` finds it, too. */
async function askAt(kind: 'oip' | 'openai', base: string, model: string | null, token: string | undefined) {
  // Whoever needs no server shall not wait for what starts them.
  const { probe } = await import('../../serving/index.ts');
  const ask = async (url: string) => await probe({ kind, url, model, token });
  const first = await ask(base);
  const again = kind === 'openai' && new URL(base).pathname === '/' && first.is === 'other';
  return again ? await ask(`${base}/v1`) : first;
}

/** What the server calls the model where nobody says: as its bundle does. */
function nameIn({ readText }: DoctorContext, { bundleDir }: DoctorModel): string | null {
  const text = readText(join(bundleDir, MANIFEST_NAME));
  return text === undefined ? null : parseManifest(text).name;
}
