import type { ContainerPort, PodFact } from '../facts.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { type RuleDraft, RuleOrigin, tidyPorts } from './draft.js';
import { addressPeer, type Surroundings } from './surroundings.js';
import { warning } from './warning.js';

/** `webhook`, `webhook-server`, `webhook-api`: what operators and their charts name it. */
export const isWebhookPort = ({ name }: ContainerPort): boolean =>
  /^webhook(?:$|-)/.test(name ?? '');

/** The API server calls webhooks whenever an object changes, which a window need not show: they are kept open to it. */
export function webhookDrafts(
  pod: PodFact,
  own: string,
  { apiServer }: Surroundings,
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  const ports = pod.ports.filter(isWebhookPort);
  if (ports.length === 0) return { drafts: [], problems: [] };
  if (apiServer.length === 0) {
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
        peers: apiServer.map(addressPeer),
        ports: tidyPorts(ports.map(({ protocol, port }) => ({ protocol, port }))),
        evidence: null,
      },
    ],
    problems: [],
  };
}
