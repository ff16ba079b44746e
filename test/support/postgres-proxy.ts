import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** PASS: as if it were not there. REFUSE: nobody is at home. FULL: Postgres has no connection left. */
export type ProxyMode = 'PASS' | 'REFUSE' | 'FULL';

export type PostgresProxy = {
  /** The address of a database behind it. */
  readonly urlOf: (url: string) => string;
  /** Ends all connections; those that come are treated so. */
  readonly become: (mode: ProxyMode) => void;
};

/** "ErrorResponse": a byte `E`, a length, fields of a byte and a text each, a zero. */
function tooMany(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Stands between a server and the Postgres of the tests, which belongs to all of them. */
export async function withProxy<T>(
  target: string,
  use: (proxy: PostgresProxy) => Promise<T>,
): Promise<T> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let mode: ProxyMode = 'PASS';
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer(socket => {
    keep(socket);
    if (mode === 'REFUSE') return void socket.resetAndDestroy();
    if (mode === 'FULL') return void socket.once('data', () => socket.end(tooMany()));
    const far = keep(connect(Number(port), hostname));
    socket.pipe(far);
    far.pipe(socket);
    socket.once('close', () => far.destroy());
    far.once('close', () => socket.destroy());
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port: own } = server.address() as AddressInfo;
  const end = (): void => {
    for (const socket of open) socket.destroy();
  };
  try {
    return await use({
      urlOf: url => Object.assign(new URL(url), { host: `127.0.0.1:${own}` }).href,
      become: next => {
        mode = next;
        end();
      },
    });
  } finally {
    end();
    server.close();
  }
}
