import { type Decision, decide, type Half, type Reason } from '../../../src/netpol/index.js';
import { ask, ENDS, sceneIn } from './scene.js';

const reasonText = ({ tier, policy, rule, place }: Reason): string => {
  const name = `${policy.kind} ${policy.namespace ?? ''}/${policy.name}`;
  const which =
    rule === null ? 'isolates' : `#${rule.index}${rule.name ? ` ${rule.name}` : ''} ${rule.action}`;
  return `${tier} ${name} ${which} :${place.line}`;
};

const halfLines = ({ direction, verdict, basis, governed, missing, reasons }: Half): string => {
  if (!governed && verdict === 'ALLOWED') return '';
  const head = `    ${direction} ${verdict} ${basis}${governed ? ' governed' : ''}${missing === null ? '' : ` | ${missing}`}\n`;
  return [head, ...reasons.map(reason => `      ${reasonText(reason)}\n`)].join('');
};

const linesOf = (
  question: string,
  { verdict, basis, missing, egress, ingress }: Decision,
): string =>
  `${question}: ${verdict} ${basis}${missing === null ? '' : ` | ${missing}`}\n${halfLines(egress)}${halfLines(ingress)}`;

const SUBJECTS = ['shop/web', 'shop/bare', 'data/db-0', 'service=data/db'];

const pairs: readonly (readonly [string, string, string])[] = [
  ...SUBJECTS.flatMap(source => ENDS.map(to => [source, to, 'TCP 80'] as const)),
  ...ENDS.flatMap(source => ['shop/web', 'data/db-1'].map(to => [source, to, 'TCP 80'] as const)),
  ...ENDS.flatMap(source =>
    ['service=data/db', 'service=shop/front', '203.0.113.9'].map(
      to => [source, to, 'TCP 81'] as const,
    ),
  ),
  ...['TCP', 'UDP 53', 'ICMP', 'ICMP 8', 'SCTP 80', 'TCP 0', 'TCP 65536', 'TCP 1.5'].flatMap(
    traffic =>
      ['shop/web', 'data/db-0', '8.8.1.1'].flatMap(source =>
        ['shop/web', 'data/db-1', '8.8.8.8'].map(to => [source, to, traffic] as const),
      ),
  ),
  ...['30081', '30082', '30083'].flatMap(port =>
    ['node:n1', 'node:n2', '10.1.0.1'].flatMap(to =>
      ['shop/web', '8.8.1.1', 'data/agent'].map(source => [source, to, `TCP ${port}`] as const),
    ),
  ),
];

/** What `decide` says in the scene, with every reason; each question once. */
export function allDecisions(): string {
  const scene = sceneIn();
  const configured = sceneIn({
    hostNetwork: 'pods',
    ipBlockPods: 'by-address',
    ingressController: { namespace: 'data', labels: { app: 'db' } },
  });
  const asked = new Map(pairs.map(pair => [pair.join(' '), pair]));
  const others = [...asked].filter(([question]) => /agent|ingress|web .*10\.|bare/.test(question));
  return [
    ...[...asked].map(([question, pair]) => linesOf(question, decide(scene, ask(...pair)))),
    '\n== hostNetwork pods, ipBlockPods by-address, with a configured ingress controller\n',
    ...others.map(([question, pair]) => linesOf(question, decide(configured, ask(...pair)))),
  ].join('');
}
