import { projectRoot } from '../bootstrap/places.mjs';
import { isGood, summarize } from './result.ts';
import type { StageResult } from './result.ts';
import { runStage, STAGES } from './stages.ts';
import type { Stage } from './stages.ts';

const isStage = (name: string): name is Stage => STAGES.some((stage) => stage === name);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !isStage(name));

if (unknown.length > 0) {
  console.error(`There is no stage "${unknown.join(' ')}": use some of ${STAGES.join(', ')}.`);
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
  const skippingCounts = process.env['CI'] === 'true';
  if (skippingCounts && results.some(({ skipped }) => skipped > 0)) {
    console.log('\nTests were skipped: with CI=true that is a failure.');
  }
  console.log(summarize(results));
  return isGood(results, skippingCounts) ? 0 : 1;
}
