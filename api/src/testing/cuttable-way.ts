import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to the database that can be cut and mended again. */
export interface CuttableWay {
  readonly listener: Server;
  /** Address of the database over this way. */
  readonly uri: string;
  /** How many connections were refused while it was cut. */
  refused(): number;
  cut(): void;
  mend(): void;
  close(): void;
}

/** @param databaseUri where the way leads */
export async function cuttableWay(databaseUri: string): Promise<CuttableWay> {
  const uri = new URL(databaseUri);
  const sockets = new Set<Socket>();
  let [isCut, refused] = [false, 0];
  const listener = createServer((incoming) => {
    if (isCut) {
      refused += 1;
      incoming.destroy();
      return;
    }
    const outgoing = connect(Number(uri.port), uri.hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    incoming.pipe(outgoing).pipe(incoming);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('Nothing listens');
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    listener,
    uri: `mongodb://127.0.0.1:${address.port}${uri.pathname}?directConnection=true`,
    refused: () => refused,
    cut: () => {
      isCut = true;
      dropAll();
    },
    mend: () => (isCut = false),
    close: () => {
      dropAll();
      listener.close();
    },
  };
}
