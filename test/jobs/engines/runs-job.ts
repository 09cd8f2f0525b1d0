/** A process that runs a job and shows it, to be killed. Arguments: the specification and the options, as JSON. */
import { runJob } from '../../../src/jobs/index.ts';

const [spec = '', options = ''] = process.argv.slice(2);
const result = await runJob(JSON.parse(spec), {
  ...JSON.parse(options),
  onPreparation: (preparation) => process.stdout.write(`${JSON.stringify(preparation)}\n`),
  onRecord: (record) => process.stdout.write(`${JSON.stringify(record)}\n`),
});
process.stdout.write(`${JSON.stringify(result)}\n`);
