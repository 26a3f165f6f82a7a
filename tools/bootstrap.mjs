// The way into every task of this project (`npm start`, `npm test`, ...): brings what the task needs, then runs it.
// Nothing in this file needs more than an old Node, so that an old Node gets to hear what is wrong.
const [major = 0] = process.versions.node.split('.').map(Number);

if (major < 18) {
  console.error(`Node ${process.versions.node} is too old: install Node 18 or newer, then try again.`);
  process.exitCode = 1;
} else {
  const { main } = await import('./bootstrap/main.mjs');
  await main(process.argv.slice(2));
}
