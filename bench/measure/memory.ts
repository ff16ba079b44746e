/** Bytes. */
export type Memory = {
  /** The most that the process ever held: data, work and all that ran before. */
  readonly peak: number;
  /** Living values at this moment, after a collection where `--expose-gc` was given. */
  readonly heap: number;
};

export function memoryNow(): Memory {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  // The system counts the peak in kilobytes.
  return { peak: process.resourceUsage().maxRSS * 1024, heap: heapUsed + arrayBuffers };
}
