import { copyFileSync } from 'node:fs';

// `npm run prepare:image -- FILE`: everything that production needs is there; the media worker is copied to FILE.
const [target] = process.argv.slice(2);
const worker = process.env['MEDIASOUP_WORKER_BIN'];
if (target === undefined || worker === undefined) {
  console.error('Say where to put the media worker: npm run prepare:image -- FILE');
  process.exitCode = 1;
} else {
  copyFileSync(worker, target);
}
