/** At most this many edits away, a name may have been meant. */
const MOST_EDITS = 2;

const FAR = MOST_EDITS + 1;

function nextRow(before: readonly number[], letter: string, other: string): readonly number[] {
  const row = [(before[0] ?? 0) + 1];
  for (let place = 1; place < before.length; place++) {
    const same = letter === other[place - 1] ? 0 : 1;
    row.push(
      Math.min(
        (before[place - 1] ?? 0) + same,
        (before[place] ?? 0) + 1,
        (row[place - 1] ?? 0) + 1,
      ),
    );
  }
  return row;
}

/** How many letters must be put in, left out or replaced to make one of the other; `FAR` for more than two. */
function edits(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_EDITS) return FAR;
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const letter of one) {
    row = nextRow(row, letter, other);
    if (Math.min(...row) > MOST_EDITS) return FAR;
  }
  return Math.min(row.at(-1) ?? FAR, FAR);
}

/** How far a name is from the one that was written; null: too far to have been meant. Part of it counts as one edit. */
export function distance(written: string, name: string): number | null {
  if (written === name) return 0;
  if (written !== '' && name.includes(written)) return 1;
  const away = edits(written, name);
  return away < FAR && away < written.length ? away : null;
}

const MOST_NAMES = 3;

/** Names that may have been meant by what was written, in any case of letters: those that are nearest, each once. */
export function nearestNames(written: string, names: Iterable<string>): readonly string[] {
  const lower = written.toLowerCase();
  const near = [...new Set(names)].flatMap(name => {
    const away = distance(lower, name.toLowerCase());
    return away === null ? [] : [{ name, away }];
  });
  const least = Math.min(...near.map(({ away }) => away));
  return near
    .flatMap(({ name, away }) => (away === least ? [name] : []))
    .sort()
    .slice(0, MOST_NAMES);
}

/** The name that was most likely meant; of equals the first in the order of names. Null: none is near. */
export function nearestName(written: string, known: readonly string[]): string | null {
  return nearestNames(written, known)[0] ?? null;
}
