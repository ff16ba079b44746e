import type { ContainerPort, PodFact } from '../facts.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { type PortDraft, type RuleDraft, RuleOrigin, tidyPorts } from './draft.js';
import { targetsOn } from './entrances.js';
import { selectsPod } from './service-selector.js';
import { addressPeer, type Surroundings } from './surroundings.js';
import { warning } from './warning.js';

/** `webhook`, `webhook-server`, `webhook-api`: what operators and their charts name it. */
export const isWebhookPort = ({ name }: ContainerPort): boolean =>
  /^webhook(?:$|-)/.test(name ?? '');

/** Where webhook configurations, conversions and APIServices say that the API server calls the pods. */
const calledPorts = (pod: PodFact, { facts }: Surroundings): readonly PortDraft[] =>
  (facts.calls ?? [])
    .filter(({ namespace }) => namespace === pod.namespace)
    .flatMap(call =>
      facts.services
        .filter(({ namespace, name }) => namespace === call.namespace && name === call.service)
        .filter(({ selector }) => selectsPod(selector, pod))
        .flatMap(({ ports }) => ports.filter(({ port }) => port === call.port))
        .flatMap(port =>
          targetsOn(pod)(port).map(number => ({ protocol: port.protocol, port: number })),
        ),
    );

/**
 * The API server calls webhooks whenever an object changes, and aggregated APIs whenever somebody asks, which a window need not
 * show: they are kept open to it.
 */
export function webhookDrafts(
  pod: PodFact,
  own: string,
  around: Surroundings,
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  const ports = tidyPorts([
    ...calledPorts(pod, around),
    ...pod.ports.filter(isWebhookPort).map(({ protocol, port }) => ({ protocol, port })),
  ]);
  if (ports.length === 0) return { drafts: [], problems: [] };
  if (around.apiServer.length === 0) {
    const numbers = ports.map(({ port }) => port).join(', ');
    const message = `the webhook of \`${own}\` on port ${numbers} gets no rule for the API server: nothing told its addresses`;
    const hint = 'import the Endpoints of `default/kubernetes`';
    return { drafts: [], problems: [warning('WEBHOOK_NOT_COVERED', message, hint)] };
  }
  return {
    drafts: [
      {
        direction: Direction.INGRESS,
        origin: RuleOrigin.API_SERVER,
        title: 'API server',
        peers: around.apiServerSpeaks.map(addressPeer),
        ports,
        evidence: null,
      },
    ],
    problems: [],
  };
}
