type Standing = {
  readonly severity: string;
  readonly place: {
    readonly file: string | null;
    readonly line: number;
    readonly column: number;
  } | null;
};

const GRAVITY: readonly string[] = ['ERROR', 'WARNING', 'INFO'];

const between = (one: string | number, other: string | number): number =>
  one === other ? 0 : one < other ? -1 : 1;

/** The gravest first, and in the order of their places; those of nowhere come last, and equal ones stay in the order of their rules. */
export const inOrderOfGravity = <Finding extends Standing>(
  findings: readonly Finding[],
): readonly Finding[] =>
  findings.toSorted((one, other) => {
    const graver = GRAVITY.indexOf(one.severity) - GRAVITY.indexOf(other.severity);
    if (graver !== 0) return graver;
    if (one.place === null || other.place === null)
      return between(Number(one.place === null), Number(other.place === null));
    return (
      between(one.place.file ?? '', other.place.file ?? '') ||
      one.place.line - other.place.line ||
      one.place.column - other.place.column
    );
  });
