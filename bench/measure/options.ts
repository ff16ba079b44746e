/** `--quick`: smaller data and fewer rounds, to see that all benchmarks run; their figures are no record. */
export const isQuick = process.argv.includes('--quick');

/** What a full run uses, or what a quick one does. */
export const sized = <Value>(full: Value, quick: Value): Value => (isQuick ? quick : full);
