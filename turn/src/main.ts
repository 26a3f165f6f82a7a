import { readTurnConfig } from './config.ts';
import { renderCoturnConfiguration } from './coturn-configuration.ts';

// `node turn/src/main.ts > turnserver.conf`: the configuration for coturn, from the environment.
try {
  process.stdout.write(renderCoturnConfiguration(readTurnConfig(process.env)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
