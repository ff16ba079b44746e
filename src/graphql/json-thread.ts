import type { MessagePort } from 'node:worker_threads';
import { takeBytes } from '../threads/byte-stream.js';
import { type JsonRead, readJson } from './json-values.js';

/** Reads one long body of JSON, whose bytes come by a port. */
// biome-ignore lint/style/noDefaultExport: piscina calls a module by its default export
export default function read({
  input: [port],
}: {
  readonly input: readonly [MessagePort];
}): Promise<JsonRead> {
  return readJson(takeBytes(port));
}
