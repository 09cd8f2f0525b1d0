import { afterAll, describe } from 'vitest';
import { ourContainers } from '../../../src/jobs/engine/containers.ts';
import { Machine } from '../../jobs/engines/machine.ts';
import { jobScenarios } from '../../jobs/engines/scenarios.ts';

const machines: Machine[] = [];
afterAll(() => {
  for (const machine of machines) machine.remove();
});

describe.each(['docker', 'podman'] as const)(
  'a job in a container, as %s is told',
  { timeout: 90_000 },
  (engine) => {
    const machine = new Machine();
    machines.push(machine);
    machine.standIn(engine);
    machine.images(['localhost/test:1']);
    jobScenarios({
      work: machine.work,
      options: () => machine.options(engine),
      containers: () => ourContainers(engine, machine.state, machine.env),
      adopts: true,
    });
  },
);
