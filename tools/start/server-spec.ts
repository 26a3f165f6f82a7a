import { join } from 'node:path';
import type { Settings } from '../shared/settings.mjs';
import type { ProcessSpec } from './managed-process.ts';
import { localAddress } from './readiness.ts';

/** The servers drain for a while: running calls and requests may end. */
const STOP_TIMEOUT_MS = 15_000;

/** How one of the two servers is run, with the whole configuration that the supervisor knows. */
export function serverSpec(
  name: 'api' | 'media-server',
  settings: Settings,
  { mongodbUri, worker }: { readonly mongodbUri: string; readonly worker: string },
): ProcessSpec {
  const { root, dataDir, host, publicUrl, port, mediaPort, rtcPort, mediaWorkers, demo } = settings;
  const publicHost = new URL(publicUrl).hostname;
  const given = (variable: string, fallback: string): string => process.env[variable] || fallback;
  const shared = {
    ...process.env,
    HC_SUPERVISED: '1',
    HC_DATA_DIR: dataDir,
    HC_HOST: host,
    HC_PUBLIC_URL: publicUrl,
    HC_LOG_FORMAT: 'json',
  };
  const env =
    name === 'api'
      ? {
          ...shared,
          HC_PORT: String(port),
          HC_DEMO: demo ? '1' : '0',
          HC_MEDIA_CONTROL_URL: given('HC_MEDIA_CONTROL_URL', localAddress(host, mediaPort)),
          HC_MEDIA_PUBLIC_URL: given('HC_MEDIA_PUBLIC_URL', `http://${publicHost}:${mediaPort}`),
          MONGODB_URI: mongodbUri,
        }
      : {
          ...shared,
          HC_MEDIA_PORT: String(mediaPort),
          HC_RTC_PORT: String(rtcPort),
          HC_MEDIA_WORKERS: String(mediaWorkers),
          HC_API_URL: given('HC_API_URL', localAddress(host, port)),
          MEDIASOUP_WORKER_BIN: worker,
          // The media server has no database and hands out no relay credentials.
          MONGODB_URI: undefined,
          HC_TURN_SECRET: undefined,
        };

  return {
    name,
    command: process.execPath,
    args: [join(root, name, 'src', 'main.ts')],
    env,
    channel: true,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  };
}
