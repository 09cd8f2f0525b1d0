import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { Machine } from './engines/machine.ts';
import { jobScenarios } from './engines/scenarios.ts';

const machine = new Machine();
afterAll(() => machine.remove());
// uv as far as it is used here; what it makes is a real environment.
machine.program('uv', 'case "$1" in venv) exec python3 -m venv --without-pip "$6" ;; esac');
writeFileSync(join(machine.trainer, 'requirements', 'tiny.cpu.lock'), '# nothing\n');

describe('a job in a Python environment of this machine', () => {
  jobScenarios({
    work: machine.work,
    options: () => machine.options('local'),
    containers: async () => [],
    adopts: false,
  });
});
