/** Reason to count; bigint as text. */
type Counts = Readonly<Record<string, string>>;

/** What came of a source in a window. Counts are of whole hours, bigint as text; times are ISO text. */
export type SourceLedger = {
  /** Name of the format. */
  readonly name: string;
  readonly accepted: string;
  readonly duplicates: string;
  /** Of the accepted: those that nothing tells from repeats. */
  readonly withoutId: string;
  readonly lost: string;
  /** Null: it told none. */
  readonly sampling: number | null;
  readonly skipped: Counts;
  readonly rejected: Counts;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly gapCount: number;
  /** Hours without any accepted record between two that have some; the latest hundred, earliest first. */
  readonly gaps: readonly { readonly since: string; readonly until: string }[];
};

export const totalOf = (counts: Counts): string =>
  String(Object.values(counts).reduce((sum, count) => sum + BigInt(count), 0n));

/** Each record that came is in one of the four. */
export const receivedOf = ({ accepted, duplicates, skipped, rejected }: SourceLedger): string =>
  String(
    [accepted, duplicates, totalOf(skipped), totalOf(rejected)].reduce(
      (sum, count) => sum + BigInt(count),
      0n,
    ),
  );
