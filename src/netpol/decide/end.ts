import { LAST_V4, LAST_V6, parseAddress } from '../addresses/address.js';
import { type Block, onlyAddress, parseCidr } from '../addresses/block.js';
import { canonicalAddress } from '../addresses/canonical.js';
import { insideNameOf, isInsideName } from '../addresses/inside-name.js';
import { type Compiled, ofFacts } from '../compile/compiled.js';
import type { ServiceFact } from '../facts.js';
import { METADATA_NAME } from '../labels.js';
import { Basis, type Endpoint } from '../verdict.js';
import { addressBookOf, type Holder } from './address-book.js';
import { podParty } from './backends.js';
import { labelSetsOf } from './label-sets.js';
import { type ControllerPod, outside, type Party } from './party.js';

/** Why several answers are possible, and the fact that would leave one. */
export type Doubt = { readonly basis: Basis; readonly missing: string };

/** What an endpoint means on the facts. */
export type End =
  | {
      readonly kind: 'parties';
      readonly parties: readonly Party[];
      readonly doubt: Doubt | null;
    }
  /** `outside`: reached at an address for clients from outside the cluster. */
  | { readonly kind: 'service'; readonly service: ServiceFact; readonly outside: boolean }
  /** Some address of a block, outside the cluster. */
  | {
      readonly kind: 'addresses';
      readonly block: Block;
      readonly name: string | null;
      readonly doubt: Doubt;
    }
  /** It could be anything. */
  | { readonly kind: 'unknown'; readonly doubt: Doubt };

const unresolved = (missing: string): Doubt => ({ basis: Basis.UNRESOLVED_PEER, missing });
const unknown = (missing: string): End => ({ kind: 'unknown', doubt: unresolved(missing) });
/** The text is made of the answers, which say for which sets they hold. */
const LABEL_SETS: Doubt = { basis: Basis.MIXED_LABEL_SETS, missing: '' };
const only = (party: Party): End => ({ kind: 'parties', parties: [party], doubt: null });

/** IPv6 counts where a policy names it, or a pod or node has an address of it. */
const speaksV6 = ({ engine }: Compiled): boolean => engine.usesV6 || factsSpeakV6(engine);

const factsSpeakV6 = ofFacts(({ index: { facts } }) =>
  [...facts.pods, ...facts.nodes].some(({ addresses }) =>
    addresses.some(address => address.includes(':')),
  ),
);

export const everyAddress = (compiled: Compiled): Block => ({
  v4: [{ from: 0, to: LAST_V4 }],
  v6: speaksV6(compiled) ? [{ from: 0n, to: LAST_V6 }] : [],
});

const servicesByName = ofFacts(
  ({ index: { facts } }): ReadonlyMap<string, ServiceFact> =>
    new Map(facts.services.map(service => [`${service.namespace}/${service.name}`, service])),
);

function nodeEnd({ engine }: Compiled, name: string): End {
  const { all, byName } = engine.index.nodes;
  return only({
    kind: 'node',
    node: all[byName.get(name) ?? -1] ?? { name, labels: null, addresses: [], among: [] },
  });
}

/** The sets that a key means: what is told of them where they differ is found when the cases are answered. */
function podEnd(compiled: Compiled, key: string): End {
  const sets = labelSetsOf(compiled, key);
  const [first] = sets;
  if (first === undefined) return unknown(`the pod \`${key}\` in the inventory`);
  if (sets.length === 1) return only(podParty(compiled, first.pod));
  const parties = sets.map(({ pod, alone }) => ({ ...podParty(compiled, pod), alone }));
  return { kind: 'parties', parties, doubt: LABEL_SETS };
}

/** The pod itself, where its workload has pods with other labels. */
function loneEnd(compiled: Compiled, key: string): End {
  const pod = compiled.engine.index.podOfKey(key);
  if (pod === undefined) return unknown(`the pod \`${key}\` in the inventory`);
  const party = podParty(compiled, pod);
  return only(party.kind === 'pod' ? { ...party, alone: true } : party);
}

/** The speaker of the one workload that all of the pods are of; null where there are several. */
function workloadOf({ facts }: Compiled, pods: readonly number[]): string | null {
  const keys = new Set(pods.map(place => facts.pods[place]?.memberOf ?? facts.pods[place]?.key));
  const [key] = keys;
  return keys.size === 1 ? (key ?? null) : null;
}

function heldBy(compiled: Compiled, holder: Holder, text: string): End {
  if (holder.kind === 'service') return holder;
  if (holder.kind === 'node') {
    const node = compiled.engine.index.nodes.all[holder.node];
    return node === undefined ? unknown(`the node at \`${text}\``) : only({ kind: 'node', node });
  }
  const key = holder.pods.length > 1 ? workloadOf(compiled, holder.pods) : null;
  if (key !== null) return podEnd(compiled, key);
  const doubt = unresolved(`which of ${holder.pods.length} pods holds \`${text}\``);
  const parties = holder.pods.map(pod => podParty(compiled, pod));
  return { kind: 'parties', parties, doubt };
}

export function addressEnd(compiled: Compiled, text: string): End {
  const address = parseAddress(text);
  if (address === null) return unknown(`an address: \`${text}\` is none`);
  const holder = addressBookOf(compiled).get(address);
  return holder === undefined ? only(outside(address)) : heldBy(compiled, holder, text);
}

function blockEnd(compiled: Compiled, cidr: string): End {
  const block = parseCidr(cidr);
  if (block === null) return unknown(`a block of addresses: \`${cidr}\` is none`);
  if (onlyAddress(block) !== null) return addressEnd(compiled, cidr.split('/')[0] ?? cidr);
  return {
    kind: 'addresses',
    block,
    name: null,
    doubt: unresolved(`which address of \`${cidr}\``),
  };
}

/** Each of its addresses may answer. */
function apiServerEnd(compiled: Compiled): End {
  const addresses = compiled.facts.apiServer ?? [];
  const parties = addresses.flatMap(address => {
    const end = addressEnd(compiled, address);
    return end.kind === 'parties' ? end.parties : [];
  });
  if (parties.length === 0) return unknown('the Endpoints of `default/kubernetes`');
  const doubt = parties.length === 1 ? null : unresolved('which address of the API server answers');
  return { kind: 'parties', parties, doubt };
}

/** The controller with the labels of its namespace, when it is configured. */
export function controllerPod({ engine, modes }: Compiled): ControllerPod | null {
  if (!modes.ingressController) return null;
  const { namespace, labels } = modes.ingressController;
  const namespaceLabels = engine.index.namespaces.labels.get(namespace) ?? {
    [METADATA_NAME]: namespace,
  };
  return { namespace, labels, namespaceLabels };
}

/** Any address: which one the name has is not known. */
const outsideName = (compiled: Compiled, name: string): End => ({
  kind: 'addresses',
  block: everyAddress(compiled),
  name,
  doubt: unresolved(`the address of \`${name}\``),
});

/** Sources tell of names as they see them: one of the cluster's own DNS is what it names, never outside. */
function domainEnd(compiled: Compiled, name: string): End {
  if (!isInsideName(name)) return outsideName(compiled, name);
  const inside = insideNameOf(name);
  if (inside?.kind === 'pod' && inside.address !== null)
    return addressEnd(compiled, inside.address);
  if (inside?.kind !== 'service') return unknown(`what \`${name}\` of the cluster is`);
  const { namespace, host } = inside;
  const pod = host === null ? undefined : compiled.engine.index.podOfKey(`${namespace}/${host}`);
  if (pod !== undefined) return only(podParty(compiled, pod));
  return endOf(compiled, { kind: 'service', namespace, name: inside.name });
}

/** "ExternalName … maps the Service to a DNS name": what is not known is that name's address. */
function serviceEnd(compiled: Compiled, service: ServiceFact): End {
  const { externalName } = service;
  if (externalName === undefined) return { kind: 'service', service, outside: false };
  const target = canonicalAddress(externalName) === null ? externalName : null;
  return target === null ? addressEnd(compiled, externalName) : aliasEnd(compiled, target, service);
}

/** An alias of an alias of itself would never end: of two the second is taken as a name outside. */
function aliasEnd(compiled: Compiled, name: string, alias: ServiceFact): End {
  const inside = insideNameOf(name);
  if (inside?.kind !== 'service') return domainEnd(compiled, name);
  const target = servicesByName(compiled.engine).get(`${inside.namespace}/${inside.name}`);
  if (target?.externalName !== undefined) {
    return unknown(`where the Service \`${alias.namespace}/${alias.name}\` leads, by \`${name}\``);
  }
  return domainEnd(compiled, name);
}

export function endOf(compiled: Compiled, endpoint: Endpoint): End {
  switch (endpoint.kind) {
    case 'pod':
      return endpoint.alone === true
        ? loneEnd(compiled, endpoint.key)
        : podEnd(compiled, endpoint.key);
    case 'address':
      return addressEnd(compiled, endpoint.address);
    case 'block':
      return blockEnd(compiled, endpoint.cidr);
    case 'node':
      return nodeEnd(compiled, endpoint.name);
    case 'service': {
      const name = `${endpoint.namespace}/${endpoint.name}`;
      const service = servicesByName(compiled.engine).get(name);
      return service === undefined
        ? unknown(`the Service \`${name}\` in the inventory`)
        : serviceEnd(compiled, service);
    }
    case 'domain':
      return domainEnd(compiled, endpoint.name);
    case 'api-server':
      return apiServerEnd(compiled);
    case 'ingress-controller':
      return only({ kind: 'controller', configured: controllerPod(compiled) });
    case 'unresolved':
      return unknown(endpoint.reason);
  }
}
