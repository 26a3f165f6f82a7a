import { projectRoot } from '../bootstrap/places.mjs';
import { runSupervisor } from './run-supervisor.ts';

process.exitCode = await runSupervisor(projectRoot, process.argv.slice(2));
// An open channel to the process that has started this one would keep it alive.
if (process.connected) process.disconnect();
