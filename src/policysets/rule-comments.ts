import type {
  Comments,
  Direction,
  GeneratedPolicy,
  GeneratedRule,
  Problem,
} from '../netpol/index.js';

const dayOf = (time: string): string => time.slice(0, 10);

/** Made once: to ask for it each time took a tenth of what a set with 200,000 rules takes. */
const WITH_COMMAS = new Intl.NumberFormat('en-US');

const times = (count: number | bigint, one: string, many: string): string =>
  `${count < 1_000 ? count : WITH_COMMAS.format(count)} ${count === 1 || count === 1n ? one : many}`;

const KEPT: Readonly<Record<string, string>> = {
  DNS: 'kept on purpose: without DNS nothing resolves',
  DNS_SERVER: 'kept on purpose: whoever resolves names needs it',
  ENTRANCE: 'kept on purpose: an entrance of the inventory',
  API_SERVER: 'kept on purpose: the API server calls this webhook or aggregated API',
  SCRAPE: 'kept on purpose: a monitor or an annotation asks to be scraped',
  PROFILE: 'kept on purpose: the profile asks for it',
};

const whyKept = ({ origin, direction }: GeneratedRule): string =>
  origin === 'ENTRANCE' && direction === 'EGRESS'
    ? 'kept on purpose: a route of the inventory leads there'
    : (KEPT[origin] ?? 'no flow asked for it');

/** `seen 2026-11-20 to 2026-11-22 on 3 days, 40 times in 2 flows`. */
function seenText(rule: GeneratedRule): string {
  const { evidence } = rule;
  if (evidence === null) return whyKept(rule);
  const { firstSeenAt, lastSeenAt, days, events, flows } = evidence;
  const [first, last] = [dayOf(firstSeenAt), dayOf(lastSeenAt)];
  const span = first === last ? first : `${first} to ${last}`;
  return `seen ${span} on ${times(days.length, 'day', 'days')}, ${times(events, 'time', 'times')} in ${times(flows, 'flow', 'flows')}`;
}

/** Why a port is open that no flow used. */
const unseenText = ({ unseen = [] }: GeneratedRule): string =>
  unseen.length === 0 ? '' : `; ${unseen.join(', ')} unseen, since long answers of DNS need both`;

const commentOf = (rule: GeneratedRule, confidence: number): string =>
  `${rule.peer}: ${seenText(rule)}${unseenText(rule)}; confidence ${confidence.toFixed(2)}`;

const ofDirection = (
  rules: readonly GeneratedRule[],
  direction: Direction,
  confidence: (rule: GeneratedRule) => number,
): ReadonlyMap<number, string> =>
  new Map(
    rules
      .filter(rule => rule.direction === direction)
      .map((rule, index) => [index, commentOf(rule, confidence(rule))]),
  );

/** What the head of each file says: what was not seen, one line for each doubt. */
export const headOf = (doubts: readonly Problem[]): string =>
  doubts.length === 0
    ? ''
    : ['Made from an incomplete view:', ...doubts.map(({ message }) => `- ${message}`)].join('\n');

/** Who is allowed by each rule, how often and when they were seen; the same text for the same input. */
export const commentsOf = (
  { rules }: GeneratedPolicy,
  head: string,
  confidence: (rule: GeneratedRule) => number,
): Comments => ({
  ...(head !== '' && { document: head }),
  ingress: ofDirection(rules, 'INGRESS', confidence),
  egress: ofDirection(rules, 'EGRESS', confidence),
});
