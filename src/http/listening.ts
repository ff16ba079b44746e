import { once } from 'node:events';
import type { Server } from 'node:net';
import { codeOf, failure } from '../database/failure.js';

type Address = { readonly port: number; readonly host: string };

type Fault = (address: Address) => readonly [message: string, hint: string];

const FAULTS: Readonly<Record<string, Fault>> = {
  EADDRINUSE: ({ port, host }) => [
    `port ${port} of \`${host}\` is taken`,
    'end the program that listens there, or choose another by `--port` (0: any free one)',
  ],
  EACCES: ({ port }) => [
    `port ${port} is not for this user`,
    'choose one above 1023 by `--port`, or let the system forward that one',
  ],
  EADDRNOTAVAIL: ({ host }) => [
    `\`${host}\` is no address of this machine`,
    'say one of its own by `--host`, 127.0.0.1 for callers on it alone, or 0.0.0.0 for all',
  ],
  ENOTFOUND: ({ host }) => [
    `the name \`${host}\` has no address`,
    'say an address of this machine by `--host`, or 0.0.0.0 for all of them',
  ],
  EAI_AGAIN: ({ host }) => [
    `the name \`${host}\` cannot be looked up now`,
    'say an address of this machine by `--host`, or 0.0.0.0 for all of them',
  ],
};

/** Resolves when the server listens. @throws Failure with a cure where it cannot */
export async function listening(server: Server, address: Address): Promise<void> {
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const fault = FAULTS[codeOf(error) ?? ''];
    if (fault === undefined) throw error;
    const [message, hint] = fault(address);
    throw failure(message, hint, error);
  }
}
