import type { MessagePort } from 'node:worker_threads';
import { currentSignal } from '../../../src/database/deadline.js';
import { whileWanted } from '../../../src/threads/unwanted.js';

let calls = 0;

function untilUnwanted(): Promise<string> {
  const signal = currentSignal();
  return new Promise(resolve => {
    signal?.addEventListener('abort', () => resolve(`heard: ${signal.reason.message}`));
  });
}

const WORK: Readonly<Record<string, () => unknown>> = {
  answers: () => null,
  counts: () => calls,
  waits: untilUnwanted,
  computes: () => {
    for (;;);
  },
};

// biome-ignore lint/style/noDefaultExport: piscina calls a module by its default export
export default function work({
  name,
  unwanted,
}: {
  readonly name: string;
  readonly unwanted: MessagePort | null;
}): Promise<unknown> {
  calls += 1;
  return whileWanted(unwanted, async () => WORK[name]?.());
}
