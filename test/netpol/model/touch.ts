/** Told the name of each point of the law that a verdict passes, so that a harness can see what it reached. */
export type Touch = (point: string) => void;

export const untouched: Touch = () => {};
