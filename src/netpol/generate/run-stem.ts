// `rand.SafeEncodeString` of apimachinery: no vowels, no 0, 1, 3. With a digit, so that `probe-https` keeps its name.
const RANDOM = '(?=[a-z]*[2-9])[bcdfghjklmnpqrstvwxz2456789]{5,10}';
const TIME = '20\\d{2}-?\\d{2}-?\\d{2}(?:[-t]?\\d+)*';
const NUMBER = '\\d{5,}';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const RUN = new RegExp(`^(.*[a-z].*?)-(?:${TIME}|${NUMBER}|${UUID}|${RANDOM})$`);

/** `etl-nightly` of `etl-nightly-1764300000`, `etl-nightly-x7k2p` and `etl-nightly-2026-11-29`; null: no run shows in the name. */
export const runStem = (name: string): string | null => RUN.exec(name)?.[1] ?? null;
