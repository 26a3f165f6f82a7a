import { Application } from './application.ts';
import { ConfigError, loadConfig, type Config } from './config.ts';
import { isDatabaseUnavailable } from './database/errors.ts';
import { createLogger, type Logger } from './logging/logger.ts';

function readConfig(): Config | undefined {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return undefined;
  }
}

/** One sentence on why the server cannot start, for those reasons that its operator can change. */
function explain(error: unknown, config: Config): string | undefined {
  if (isDatabaseUnavailable(error)) return 'The database cannot be reached: check that it runs, and MONGODB_URI.';
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'EADDRINUSE') return `Port ${config.port} is taken: stop the other program or set HC_PORT.`;
  if (error.code === 'EACCES') return 'A file or port may not be opened: check the rights on HC_DATA_DIR and HC_PORT.';
  return undefined;
}

/** Stops on signals, and with its supervisor, also while it is still starting. */
function stopOnSignals(started: Promise<Application>, logger: Logger, supervised: boolean): void {
  const stop = (): void => {
    const closed = Promise.race([started, Promise.resolve(undefined)]).then((application) => application?.close());
    closed.then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'The server could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The supervisor is gone: nobody else would stop this process.
  if (!supervised) return;
  process.on('disconnect', stop);
  if (!process.connected) stop();
}

async function main(): Promise<void> {
  const config = readConfig();
  if (config === undefined) {
    process.exitCode = 1;
    return;
  }
  const logger = createLogger(config);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'The server stops after an error that nothing has caught');
    process.exit(1);
  });
  const started = Application.start(config, logger);
  stopOnSignals(started, logger, config.supervised);
  try {
    const application = await started;
    logger.info({ address: `http://${config.host}:${application.port}`, publicUrl: config.publicUrl }, 'Ready');
  } catch (error) {
    logger.fatal({ err: error }, explain(error, config) ?? 'The server could not start');
    process.exit(1);
  }
}

await main();
