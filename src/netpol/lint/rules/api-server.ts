import type { ApiServerCall, ContainerPort, PodFact, ServiceFact } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Severity } from '../../problem.js';
import type { Endpoint } from '../../verdict.js';
import { isBehind, targetsOn } from '../behind.js';
import type { Remark } from '../finding.js';
import { ofPod } from '../on.js';
import { connectionOf, isDenied, podEnd, type Target } from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';

/**
 * The API server calls from outside the pod network: nothing but a peer for its address, or for everybody, lets it in.
 * Where its address is not known the verdict is DENIED only where no rule could let it in.
 */
const apiServer = ({ facts }: LintContext): Endpoint =>
  (facts.apiServer ?? []).length > 0
    ? { kind: 'api-server' }
    : { kind: 'block', cidr: '0.0.0.0/0' };

const isShut = (context: LintContext, pod: PodFact, target: Target): boolean =>
  isSelectable(context, pod) &&
  isDenied(context.probe(connectionOf(apiServer(context), podEnd(pod), target)));

const CURE =
  'allow ingress on that port from the control plane’s addresses, or from everywhere; policies see the pods’ port, not the Service’s';

const serviceOf = ({ facts }: LintContext, { namespace, service }: ApiServerCall) =>
  facts.services.find(each => each.namespace === namespace && each.name === service);

const isOfApi = ({ kind }: ApiServerCall): boolean => kind === 'APIService';

/** Where the pods of a call listen, and are shut. */
function shutTargets(
  context: LintContext,
  call: ApiServerCall,
  service: ServiceFact,
): readonly (readonly [PodFact, number])[] {
  const ports = service.ports.filter(({ port }) => port === call.port);
  return context.inventory.workloads.flatMap(({ pod }) =>
    isBehind(service, pod)
      ? ports
          .flatMap(port =>
            targetsOn(pod, port).map(target => ({ target, protocol: port.protocol })),
          )
          .filter(({ target, protocol }) => isShut(context, pod, { port: target, protocol }))
          .map(({ target }) => [pod, target] as const)
      : [],
  );
}

function remarksOn(context: LintContext, call: ApiServerCall): readonly Remark[] {
  const { kind, name, namespace, port } = call;
  const title = `\`${namespace}/${call.service}\``;
  const what = isOfApi(call) ? 'aggregated API' : 'webhook';
  const on = [{ kind, namespace: null, name }];
  const service = serviceOf(context, call);
  if (service === undefined) {
    if (context.facts.partial === true) return [];
    return [
      {
        on,
        severity: Severity.WARNING,
        message: `the ${what} of ${kind} \`${name}\` is at Service ${title}, which is not there`,
        hint: 'add the Service, or remove what calls it',
      },
    ];
  }
  if (!service.ports.some(each => each.port === port)) {
    return [
      {
        on,
        severity: Severity.WARNING,
        message: `the ${what} of ${kind} \`${name}\` is at port ${port} of Service ${title}, which has none such`,
        hint: 'write a port of the Service',
      },
    ];
  }
  return shutTargets(context, call, service).map(([pod, target]) => ({
    on: [...on, ofPod(pod)],
    message: `the API server cannot call the ${what} of ${kind} \`${name}\` at Service ${title} port ${port}: no rule lets an address outside the pod network in to \`${workloadNameOf(pod)}\` on port ${target}`,
    hint: CURE,
  }));
}

const callsOf = ({ facts }: LintContext, ofApi: boolean): readonly ApiServerCall[] =>
  (facts.calls ?? []).filter(call => isOfApi(call) === ofApi);

/** `webhook`, `webhook-server`, `webhook-api`: what operators and their charts name it. */
const isWebhookPort = ({ name }: ContainerPort): boolean => /^webhook(?:$|-)/.test(name ?? '');

/** Where no configuration is in the input, the name of a port tells. */
const byPortName = (context: LintContext): readonly Remark[] => {
  const known = new Set(callsOf(context, false).map(({ namespace }) => namespace));
  return context.inventory.workloads.flatMap(({ name, pod }) =>
    known.has(pod.namespace)
      ? []
      : pod.ports
          .filter(isWebhookPort)
          .filter(port => isShut(context, pod, port))
          .map(({ port }) => ({
            on: [ofPod(pod)],
            message: `the API server cannot call the webhook of \`${name}\` on port ${port}: no rule lets in an address outside the pod network`,
            hint: CURE,
          })),
  );
};

export const webhookClosed: LintRule = {
  id: 'webhook-closed',
  severity: Severity.ERROR,
  description: 'A webhook whose pods let in pods only, never the API server',
  check: context => [
    ...callsOf(context, false).flatMap(call => remarksOn(context, call)),
    ...byPortName(context),
  ],
};

export const apiServiceClosed: LintRule = {
  id: 'api-service-closed',
  severity: Severity.ERROR,
  description: 'An aggregated API (APIService) whose pods let in pods only, never the API server',
  check: context => callsOf(context, true).flatMap(call => remarksOn(context, call)),
};
