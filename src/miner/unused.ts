import type { ProfileSettings } from '../config/index.ts';
import type { StagePlan } from './stages.ts';

/** What a stage takes from its profile where it says nothing itself, and which engines have a use for it. */
const FIELDS = {
  engine: { engines: ['onnx', 'oip', 'openai'], plain: 'onnx' },
  bundle: { engines: ['onnx', 'oip'], plain: 'demo' },
  device: { engines: ['onnx'], plain: 'auto' },
  precision: { engines: ['onnx', 'oip'], plain: 'auto' },
  variant: { engines: ['onnx', 'oip'], plain: 'auto' },
} as const;

/**
 * Fields of a profile that were given and that no model of it takes: each of its stages has its own, or asks a server
 * that needs none.
 */
export function unusedFields(name: string, profile: ProfileSettings, stages: readonly StagePlan[]): string[] {
  const given = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter(
    (field) => profile[field] !== FIELDS[field].plain,
  );
  const isTaken = (field: keyof typeof FIELDS): boolean =>
    stages.some((stage, place) => {
      const engines: readonly string[] = FIELDS[field].engines;
      return engines.includes(stage.profile.engine) && profile.stages[place]?.[field] === undefined;
    });
  const lines = given
    .filter((field) => !isTaken(field))
    .map((field) => lineFor(field, `${profile[field]}`, name, stages));
  const { url } = profile.server;
  const asked = stages.some(
    ({ profile: { engine } }, place) => engine !== 'onnx' && profile.stages[place]?.server === undefined,
  );
  if (url !== null && !asked) lines.push(lineFor('server', url, name, stages));
  return lines;
}

function lineFor(field: string, value: string, profile: string, stages: readonly StagePlan[]): string {
  const names = stages.map(({ name }) => name).join(', ');
  const why =
    stages.length === 1
      ? 'its one model has no use for it'
      : `each of its stages (${names}) has its own or needs none`;
  return `The ${field} ${value} of the profile ${profile} is not used: ${why}.`;
}
