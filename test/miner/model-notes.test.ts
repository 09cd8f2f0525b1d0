import { expect, test } from 'vitest';
import { ModelNotes } from '../../src/miner/model-notes.ts';

const SERVER = 'http://127.0.0.1:8000/v1';

function notes() {
  const lines: string[] = [];
  const said = new ModelNotes((level, message) => lines.push(`${level}: ${message}`));
  return {
    lines,
    serverDown: (stage?: string) =>
      said.engine({ kind: 'server-down', server: SERVER, reason: 'gone' }, stage),
    serverUp: (stage?: string) => said.engine({ kind: 'server-up', server: SERVER }, stage),
    stageDown: (stage: string) => said.cascade({ kind: 'stage-down', stage, reason: 'gone' }),
    startFailed: (reason: string, stage?: string) =>
      said.engine({ kind: 'start-failed', reason, retryMs: 100 }, stage),
    stageUp: (stage: string) => said.cascade({ kind: 'stage-up', stage }),
  };
}

const LOST = `warning: The inference server ${SERVER} of the stage vlm does not answer (gone); the other stages answer without it until it is back.`;
const BACK = `info: The inference server ${SERVER} of the stage vlm answers again.`;

test('a server that is lost and with it its stages, and both back: one line each', () => {
  const { lines, ...on } = notes();
  on.serverDown('vlm');
  on.stageDown('vlm');
  on.stageDown('vlm+flip');
  // It can be reached, and is lost again before the stage answered anything.
  on.serverUp('vlm');
  on.serverDown('vlm');
  expect(lines).toEqual([LOST]);
  on.stageUp('vlm');
  on.stageUp('vlm+flip');
  on.serverUp('vlm');
  expect(lines).toEqual([LOST, BACK]);
  on.serverDown('vlm');
  on.serverUp('vlm');
  expect(lines).toEqual([LOST, BACK, LOST, BACK]);
});

test('a stage that fails without its server being lost is named itself, and the server not afterwards', () => {
  const { lines, ...on } = notes();
  on.stageDown('vlm');
  on.serverDown('vlm');
  on.serverUp('vlm');
  on.stageUp('vlm');
  expect(lines).toEqual([
    'warning: The stage vlm does not answer (gone); the others answer without it until it is back.',
    'info: The stage vlm answers again.',
  ]);
});

test('the server of a profile with one model', () => {
  const { lines, ...on } = notes();
  on.serverDown();
  on.serverUp();
  expect(lines).toEqual([
    `warning: The inference server ${SERVER} does not answer (gone).`,
    `info: The inference server ${SERVER} answers again.`,
  ]);
});

test('why a server that is lost cannot be asked again is said where it is something new, and once', () => {
  const { lines, ...on } = notes();
  on.serverDown('vlm');
  on.startFailed(`The inference server ${SERVER} is not ready: gone.`, 'vlm');
  expect(lines).toEqual([LOST]);
  for (let time = 0; time < 3; time++) on.startFailed('it answers otherwise: start the miner again', 'vlm');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('it answers otherwise: start the miner again');
  on.startFailed('no memory', 'fast');
  on.startFailed('no memory', 'fast');
  expect(lines).toHaveLength(4);
});
