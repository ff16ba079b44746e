import type { PodFact } from '../facts.js';
import { Direction, Protocol } from '../policy.js';
import type { Problem } from '../problem.js';
import { type RuleDraft, RuleOrigin, tidyPorts } from './draft.js';
import type { Scrape } from './scrapes.js';
import { peersOfPod, type Surroundings } from './surroundings.js';
import { warning } from './warning.js';

type Kept = { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] };

const nameOf = ({ namespace, workload }: PodFact): string => `${namespace}/${workload.name}`;

const draftFor = (
  subject: PodFact,
  other: PodFact,
  { direction, scrapes }: { readonly direction: Direction; readonly scrapes: readonly Scrape[] },
  around: Surroundings,
): RuleDraft | null => {
  const peers = peersOfPod(subject, other, around, direction);
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

/** Monitoring is kept on purpose: who is to be scraped lets the scrapers in, whatever the window showed. */
export function scrapedDrafts(subject: PodFact, own: string, around: Surroundings): Kept {
  const scrapes = around.scrapes(subject);
  const [first] = scrapes;
  if (first === undefined) return { drafts: [], problems: [] };
  const drafts = around.scrapers
    .filter(pod => pod.key !== subject.key)
    .map(pod => draftFor(subject, pod, { direction: Direction.INGRESS, scrapes }, around))
    .filter(draft => draft !== null);
  if (drafts.length > 0) return { drafts, problems: [] };
  const message = `\`${own}\` is to be scraped on port ${portsOf(scrapes)}, as ${first.by} says, and gets no rule for it: nothing shows a Prometheus or another scraper`;
  const hint = 'import the namespace that it runs in, or observe it scraping';
  return { drafts: [], problems: [warning('SCRAPE_NOT_COVERED', message, hint)] };
}

/** A scraper reaches all that it is to scrape. */
export function scrapingDrafts(subject: PodFact, around: Surroundings): readonly RuleDraft[] {
  if (!around.scrapers.includes(subject)) return [];
  return around.scraped
    .filter(pod => pod.key !== subject.key)
    .flatMap(pod => {
      const scrapes = around.scrapes(pod);
      return draftFor(subject, pod, { direction: Direction.EGRESS, scrapes }, around) ?? [];
    });
}
