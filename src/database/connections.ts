import type { EventEmitter } from 'node:events';

/** The open connections of a pool. */
export type Connections = {
  /** To be called with each client that has connected. */
  readonly add: (client: EventEmitter) => void;
  /** Resolves when none is open any more. Ask for their end first. */
  readonly closed: () => Promise<void>;
};

/**
 * Knows when the connections of a pool are gone. The `end()` of pg's pool resolves as soon as it has asked each
 * client to end: whoever drops the database or stops Postgres then still meets open connections.
 */
export function openConnections(): Connections {
  const open = new Set<Promise<void>>();
  return {
    add: client => {
      const ended = new Promise<void>(resolve => client.once('end', () => resolve()));
      open.add(ended);
      void ended.then(() => open.delete(ended));
    },
    closed: async () => {
      while (open.size > 0) await Promise.all(open);
    },
  };
}
