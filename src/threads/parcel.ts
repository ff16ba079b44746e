import { MessageChannel, MessagePort, type Transferable } from 'node:worker_threads';
import { type GivenBytes, giveBytes, takeBytes } from './byte-stream.js';

/** What stands in a parcel for what cannot be cloned. */
type Stand = { readonly stands: 'bytes' | 'teller'; readonly port: MessagePort };

export type Parcel = {
  readonly input: readonly unknown[];
  readonly transfer: readonly Transferable[];
  /** What a source of bytes in it threw, or null. */
  readonly fault: () => unknown;
  /** Lets go of the ports. */
  readonly close: () => void;
};

const isStream = (value: unknown): value is AsyncIterable<Uint8Array> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const isStand = (value: unknown): value is Stand =>
  typeof value === 'object' &&
  value !== null &&
  'stands' in value &&
  'port' in value &&
  value.port instanceof MessagePort;

type Packing = {
  readonly ports: MessagePort[];
  readonly near: MessagePort[];
  readonly given: GivenBytes[];
};

function standFor(packing: Packing, value: unknown): unknown {
  if (isStream(value)) {
    const given = giveBytes(value);
    packing.given.push(given);
    packing.ports.push(given.port);
    return { stands: 'bytes', port: given.port };
  }
  if (typeof value === 'function') {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (told: readonly unknown[]) => void value(...told));
    packing.near.push(port1);
    packing.ports.push(port2);
    return { stands: 'teller', port: port2 };
  }
  return value;
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const mapped = (value: unknown, change: (one: unknown) => unknown): unknown => {
  const changed = change(value);
  if (changed !== value || !isPlain(value)) return changed;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
};

/**
 * Arguments for another thread. Streams of bytes, and functions that only tell something, may stand among them or
 * directly inside of a plain object; all else is cloned.
 */
export function pack(input: readonly unknown[]): Parcel {
  const packing: Packing = { ports: [], near: [], given: [] };
  return {
    input: input.map(one => mapped(one, part => standFor(packing, part))),
    transfer: packing.ports,
    fault: () => packing.given.map(({ fault }) => fault()).find(fault => fault !== null) ?? null,
    close: () => {
      for (const port of packing.near) port.close();
    },
  };
}

function real(value: unknown): unknown {
  if (!isStand(value)) return value;
  const { stands, port } = value;
  if (stands === 'bytes') return takeBytes(port);
  return (...told: readonly unknown[]): void => port.postMessage(told);
}

/** The arguments as they were, in the other thread. */
export const unpack = (input: readonly unknown[]): readonly unknown[] =>
  input.map(one => mapped(one, real));
