import { both, type Point } from '../decide/point.js';
import { Basis, Verdict } from '../verdict.js';

/** A verdict without its reasons. */
export type Judgement = {
  readonly verdict: Verdict;
  readonly basis: Basis;
  readonly governed: boolean;
};

const VERDICTS: readonly Verdict[] = Object.values(Verdict);
const BASES: readonly Basis[] = Object.values(Basis);

/** Codes are below this. */
export const CODES = 128;

/** A judgement in one byte: two bits of verdict, four of basis, one of governed. */
export const codeOf = ({ verdict, basis }: Point, governed: boolean): number =>
  VERDICTS.indexOf(verdict) | (BASES.indexOf(basis) << 2) | (governed ? 64 : 0);

const JUDGEMENTS: readonly Judgement[] = Array.from({ length: CODES }, (_, code) => ({
  verdict: VERDICTS[code & 3] ?? Verdict.UNDECIDABLE,
  basis: BASES[(code >> 2) & 15] ?? Basis.POLICY,
  governed: code >= 64,
}));

export function judgementOf(code: number): Judgement {
  const judgement = JUDGEMENTS[code];
  if (judgement === undefined) throw new RangeError(`no judgement has the code ${code}`);
  return judgement;
}

let table: Uint8Array | null = null;

/** What two sides say together, by both their codes. Made when first asked for: it takes longer than a small command. */
export function bothCodes(): Uint8Array {
  table ??= Uint8Array.from({ length: CODES * CODES }, (_, codes) => {
    const egress = judgementOf(Math.floor(codes / CODES));
    const ingress = judgementOf(codes % CODES);
    return codeOf(both(egress, ingress), egress.governed || ingress.governed);
  });
  return table;
}
