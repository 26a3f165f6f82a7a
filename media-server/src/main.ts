import { ConfigError, readConfig, type Config } from './config.ts';
import { createLog } from './log.ts';
import { MediaNode } from './node.ts';

/** Stops on signals, and when the supervisor that started this process is gone. A second signal stops at once. */
function stopWhenAsked(node: MediaNode, config: Config, log: ReturnType<typeof createLog>): void {
  let stopping = false;
  const stop = (why: string, timeoutMs: number): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ why }, 'stopping');
    node.shutDown(timeoutMs).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM', config.drainTimeoutMs));
  process.on('SIGINT', () => stop('SIGINT', config.drainTimeoutMs));
  if (config.supervised) process.once('disconnect', () => stop('the supervisor is gone', 0));
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.log);
  const node = await MediaNode.create(config, log);
  stopWhenAsked(node, config, log);
  log.info({ host: config.host, port: node.port, node: config.nodeId, version: config.version }, 'media node ready');
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : error;
  createLog({ level: 'info', format: 'json' }).fatal({ err: text }, 'the media node could not start');
  process.exit(1);
});
