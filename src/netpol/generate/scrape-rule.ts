import type { PodFact } from '../facts.js';
import { Direction, Protocol } from '../policy.js';
import type { Problem } from '../problem.js';
import { type RuleDraft, RuleOrigin, tidyPorts } from './draft.js';
import { isPrometheus, type Scrape, scrapesOf } from './scrapes.js';
import { peersOfPod, type Surroundings } from './surroundings.js';
import { warning } from './warning.js';

type Kept = { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] };

const speakers = (pods: readonly PodFact[]): readonly PodFact[] =>
  pods.filter(({ memberOf }) => memberOf === undefined);

const nameOf = ({ namespace, workload }: PodFact): string => `${namespace}/${workload.name}`;

const draftFor = (
  subject: PodFact,
  other: PodFact,
  { direction, scrapes }: { readonly direction: Direction; readonly scrapes: readonly Scrape[] },
  around: Surroundings,
): RuleDraft | null => {
  const peers = peersOfPod(subject, other, around);
  return peers.length === 0
    ? null
    : {
        direction,
        origin: RuleOrigin.SCRAPE,
        title: nameOf(other),
        peers,
        ports: tidyPorts(scrapes.map(({ port }) => ({ protocol: Protocol.TCP, port }))),
        evidence: null,
      };
};

const portsOf = (scrapes: readonly Scrape[]): string => scrapes.map(({ port }) => port).join(', ');

/** Monitoring is kept on purpose: who is to be scraped lets Prometheus in, whatever the window showed. */
export function scrapedDrafts(subject: PodFact, own: string, around: Surroundings): Kept {
  const scrapes = scrapesOf(around.facts, subject);
  const [first] = scrapes;
  if (first === undefined) return { drafts: [], problems: [] };
  const drafts = speakers(around.facts.pods)
    .filter(pod => isPrometheus(pod) && pod.key !== subject.key)
    .map(pod => draftFor(subject, pod, { direction: Direction.INGRESS, scrapes }, around))
    .filter(draft => draft !== null);
  if (drafts.length > 0) return { drafts, problems: [] };
  const message = `\`${own}\` is to be scraped on port ${portsOf(scrapes)}, as ${first.by} says, and gets no rule for it: nothing shows a Prometheus`;
  const hint = 'import the namespace that Prometheus runs in, or observe it scraping';
  return { drafts: [], problems: [warning('SCRAPE_NOT_COVERED', message, hint)] };
}

/** Prometheus reaches all that it is to scrape. */
export function scrapingDrafts(subject: PodFact, around: Surroundings): readonly RuleDraft[] {
  if (!isPrometheus(subject)) return [];
  return speakers(around.facts.pods)
    .filter(pod => pod.key !== subject.key)
    .flatMap(pod => {
      const scrapes = scrapesOf(around.facts, pod);
      if (scrapes.length === 0) return [];
      return draftFor(subject, pod, { direction: Direction.EGRESS, scrapes }, around) ?? [];
    });
}
