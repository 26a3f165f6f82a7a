import { spawn } from 'node:child_process';

/** Runs a program of node_modules with this Node, its output on this terminal. Answers the exit code. */
export function runNode(args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    const forward = (signal: NodeJS.Signals): boolean => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const settle = (code: number): void => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(error.message);
      settle(1);
    });
    child.once('exit', (code) => settle(code ?? 1));
  });
}
