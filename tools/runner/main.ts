import { projectRoot } from '../bootstrap/places.mjs';
import { isGood, summarize, withSkippedAsFailed } from './result.ts';
import type { StageResult } from './result.ts';
import { OTHER_STAGES, runStage, STAGES } from './stages.ts';
import type { Stage } from './stages.ts';

const known: readonly Stage[] = [...STAGES, ...OTHER_STAGES];
const isStage = (name: string): name is Stage => known.some((stage) => stage === name);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !isStage(name));

if (unknown.length > 0) {
  console.error(`There is no stage "${unknown.join(' ')}": use some of ${known.join(', ')}.`);
  process.exitCode = 1;
} else {
  process.exitCode = await run(wanted.length > 0 ? wanted.filter(isStage) : STAGES);
}
if (process.connected) process.disconnect();

/** Runs the stages in turn, all of them even when one fails. Answers the exit code. */
async function run(stages: readonly Stage[]): Promise<number> {
  const interrupted = new AbortController();
  const onSignal = (): void => interrupted.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const results: StageResult[] = [];
  for (const stage of stages) {
    console.log(`\n=== ${stage} ===`);
    results.push(await runStage(projectRoot, stage));
    if (interrupted.signal.aborted) return 130;
  }
  // Where nobody looks at the single lines (CI), a test that was left out is a failure.
  const counted = process.env['CI'] === 'true' ? results.map(withSkippedAsFailed) : results;
  console.log(summarize(counted));
  return isGood(counted) ? 0 : 1;
}
