import { measureCall } from './call/call.ts';
import { measureData } from './data/data.ts';
import { printLines, type Line } from './line.ts';
import { measureLoad } from './load.ts';

/** What `npm run bench -- <name>` runs; without a name, all of them. */
const benches: Readonly<Record<string, () => Promise<Line[]>>> = {
  load: measureLoad,
  call: measureCall,
  data: () => measureData(),
};

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : Object.keys(benches);
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`There is no bench "${name}": use ${Object.keys(benches).join(', ')}.`);
  if (!printLines(await bench())) process.exitCode = 1;
}
