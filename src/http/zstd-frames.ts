/** A field of the form that is read, or content that is passed over; `next` is what follows it. */
type Step = {
  readonly isField: boolean;
  readonly size: number;
  readonly next: (field: Buffer) => Step;
};

const read = (size: number, next: Step['next']): Step => ({ isField: true, size, next });
const pass = (size: number, next: Step['next']): Step => ({ isField: false, size, next });

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** Whether the first four bytes begin a frame that a reader passes over, as parallel and seekable packers write it. */
export const isSkippable = (first: Buffer): boolean =>
  first.length >= 4 && (first.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE;

/** What is no frame is left to whoever unpacks it. */
const REST: Step = pass(Number.POSITIVE_INFINITY, () => REST);

const RAW_REPEATED = 1;
const RESERVED = 3;

/** RFC 8878, 3.1.1.2: blocks until the last one, then four bytes where the frame has a checksum. */
const blocks = (checksum: number): Step =>
  read(3, field => {
    const header = field.readUIntLE(0, 3);
    const type = (header >> 1) & 3;
    if (type === RESERVED) return REST;
    const size = type === RAW_REPEATED ? 1 : header >> 3;
    const isLast = (header & 1) === 1;
    return pass(size, () => (isLast ? pass(checksum, () => START) : blocks(checksum)));
  });

/** RFC 8878, 3.1.1.1: how long the rest of the frame's header is. */
const header = read(1, field => {
  const descriptor = field.readUInt8(0);
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const content = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const checksum = (descriptor & 4) === 0 ? 0 : 4;
  return pass((isSingle ? 0 : 1) + dictionary + content, () => blocks(checksum));
});

const START: Step = read(4, field => {
  if (isSkippable(field)) return read(4, size => pass(size.readUInt32LE(0), () => START));
  return field.readUInt32LE(0) === FRAME ? header : REST;
});

const NOTHING: Buffer = Buffer.alloc(0);

/** Where the reading of the form stands: `field` is the part of one that has come, `passed` how much of the step. */
type Progress = { step: Step; field: Buffer; passed: number };

const nextStep = (progress: Progress): void => {
  progress.step = progress.step.next(progress.field);
  progress.field = NOTHING;
  progress.passed = 0;
};

/** Goes on to the end of a step, or of the chunk; returns the index after it. */
const advance = (progress: Progress, chunk: Buffer, at: number): number => {
  const { step, passed } = progress;
  const end = Math.min(chunk.length, at + step.size - passed);
  if (step.isField) progress.field = Buffer.concat([progress.field, chunk.subarray(at, end)]);
  progress.passed += end - at;
  if (progress.passed === step.size) nextStep(progress);
  return end;
};

/** The end of a frame in the chunk from `start` on, or of the chunk. */
const endOfFrame = (progress: Progress, chunk: Buffer, start: number): number => {
  let at = start;
  do {
    at = advance(progress, chunk, at);
    while (progress.step.size === 0) nextStep(progress);
  } while (at < chunk.length && !(progress.step === START && progress.passed === 0));
  return at;
};

/**
 * The same bytes, cut where frames end. "Zstandard compressed data is made up of one or more frames" (RFC 8878), and Node
 * reads no further than the first one that ends within a chunk: what follows it there would be lost without a word.
 */
export async function* cutAtFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const progress: Progress = { step: START, field: NOTHING, passed: 0 };
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; ) {
      const end = endOfFrame(progress, chunk, start);
      yield chunk.subarray(start, end);
      start = end;
    }
  }
}
