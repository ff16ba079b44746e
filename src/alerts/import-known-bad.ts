import type { Problem } from '../netpol/index.js';
import { errorAt, infoAt, warningAt } from '../query/problem.js';
import { AlertRule } from './alert.js';
import { type AlertRuleDefinition, type Indicator, SHIPPED_RULES } from './alert-rule.js';
import { type ChangeRuleDeps, type ChangeRuleOutcome, updateAlertRule } from './change-rule.js';
import { type ReadList, readPlain, readStix, SkipReason } from './read-stix.js';

export const KnownBadFormat = { PLAIN: 'PLAIN', STIX: 'STIX' } as const;
export type KnownBadFormat = (typeof KnownBadFormat)[keyof typeof KnownBadFormat];

export type ImportKnownBadInput = {
  /** Null: the id of no rule; left out: the rule that comes with the program. */
  readonly id?: string | null;
  readonly format: KnownBadFormat;
  readonly text: string;
  /** REPLACE: what is not in it goes, the plain addresses of the rule among it. */
  readonly mode: 'MERGE' | 'REPLACE';
  readonly expectedVersion: number | null;
};

export type ImportKnownBadOutcome = ChangeRuleOutcome & {
  /** Addresses and blocks that the rule knows now, and did not before. */
  readonly added: number;
  /** Those that it knew before, and does not now. */
  readonly removed: number;
};

const WHY: Readonly<Record<SkipReason, string>> = {
  EXPIRED: 'are over',
  REVOKED: 'are revoked',
  OTHER_PATTERN: 'have patterns of something else than addresses, or of more than one',
  OTHER_OBJECT: 'are no indicators',
};

const skippedProblems = ({ skipped, wrong }: ReadList): readonly Problem[] => [
  ...Object.values(SkipReason).flatMap(reason =>
    skipped[reason] === 0
      ? []
      : [infoAt(reason, 'text', `${skipped[reason]} objects ${WHY[reason]}`, 'they are left out')],
  ),
  ...wrong.map(({ path, text }) =>
    warningAt(
      'BAD_ADDRESS',
      'text',
      `${path}: \`${text.slice(0, 100)}\` is no address or block`,
      'write addresses as 203.0.113.9, and blocks as 203.0.113.0/24',
    ),
  ),
];

/** One of each address; of several the one that holds longest. */
function unique(indicators: readonly Indicator[]): readonly Indicator[] {
  const longest = new Map<string, Indicator>();
  for (const one of indicators) {
    const known = longest.get(one.address);
    const until = (indicator: Indicator): string => indicator.validUntil ?? '9';
    if (known === undefined || until(one) > until(known)) longest.set(one.address, one);
  }
  return [...longest.values()].toSorted((one, other) => (one.address < other.address ? -1 : 1));
}

const refused = (...problems: readonly Problem[]): ImportKnownBadOutcome => ({
  rule: null,
  added: 0,
  removed: 0,
  problems,
});

const addressesOf = ({ parameters }: AlertRuleDefinition): ReadonlySet<string> =>
  new Set([
    ...(parameters.addresses ?? []),
    ...(parameters.indicators ?? []).map(({ address }) => address),
  ]);

const notKnownBad = errorAt(
  'NO_EFFECT',
  'id',
  'the rule is not about known bad addresses',
  `take the \`id\` of a rule with \`criterion: ${AlertRule.KNOWN_BAD}\``,
);

const SHIPPED = SHIPPED_RULES.find(({ criterion }) => criterion === AlertRule.KNOWN_BAD)?.id;

const isCurrent =
  (now: Date) =>
  ({ validUntil }: Indicator): boolean =>
    validUntil === null || Date.parse(validUntil) > now.getTime();

/** Brings the list of a rule up to date from a text. With an ERROR nothing was done. */
export async function importKnownBad(
  deps: ChangeRuleDeps,
  input: ImportKnownBadInput,
): Promise<ImportKnownBadOutcome> {
  const now = new Date(deps.now());
  const read =
    input.format === KnownBadFormat.STIX ? readStix(input.text, now) : readPlain(input.text);
  if (read === null)
    return refused(
      errorAt('UNREADABLE', 'text', 'the text is no STIX 2.1', 'give a bundle as JSON'),
    );
  const told = skippedProblems(read);
  if (read.indicators.length + read.revoked.length === 0)
    return refused(
      errorAt('NOTHING_TO_IMPORT', 'text', 'the text names no address', 'see the other problems'),
      ...told,
    );
  const id = input.id === undefined ? (SHIPPED ?? null) : input.id;
  let before: AlertRuleDefinition | null = null;
  const outcome = await updateAlertRule(deps, {
    id,
    expectedVersion: input.expectedVersion,
    change: rule => {
      if (rule.criterion !== AlertRule.KNOWN_BAD) return notKnownBad;
      before = rule;
      const { addresses = [], indicators = [] } = rule.parameters;
      const isKept = (address: string): boolean =>
        input.mode === 'MERGE' && !read.revoked.includes(address);
      const kept = indicators.filter(one => isKept(one.address) && isCurrent(now)(one));
      return {
        parameters: {
          addresses: addresses.filter(isKept),
          indicators: unique([...kept, ...read.indicators]),
        },
      };
    },
  });
  const { rule, problems } = outcome;
  if (rule === null || before === null) return refused(...problems, ...told);
  const [was, is] = [addressesOf(before), addressesOf(rule)];
  return {
    rule,
    added: [...is].filter(address => !was.has(address)).length,
    removed: [...was].filter(address => !is.has(address)).length,
    problems: [...problems, ...told],
  };
}
