import type { Protocol } from '../policy.js';
import { ALL_PORTS, type PortSet, portSetOf } from '../ports/port-set.js';
import type { Place } from '../problem.js';

/** Who an assertion speaks of, as it is written; what it means is looked up in the facts. */
export type NamedPeers =
  | { readonly kind: 'peer'; readonly text: string }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  /** Any address outside of the cluster. */
  | { readonly kind: 'internet' };

/** Somebody at some ports of the destination. */
export type AtPorts = { readonly peers: NamedPeers; readonly ports: PortSet };

/** What must hold. `text` is the sentence as written. */
export type Assertion = {
  readonly text: string;
  /** What to call it; the sentence where no name is given. */
  readonly name: string;
  readonly place: Place | null;
} & (
  | {
      readonly kind: 'reached-only-from';
      readonly subject: NamedPeers;
      readonly allowed: readonly AtPorts[];
    }
  | {
      readonly kind: 'reaches-only';
      readonly subject: NamedPeers;
      readonly allowed: readonly AtPorts[];
    }
  | { readonly kind: 'no-path'; readonly from: NamedPeers; readonly to: NamedPeers }
  | { readonly kind: 'reaches'; readonly from: NamedPeers; readonly to: AtPorts }
  | { readonly kind: 'does-not-reach'; readonly from: NamedPeers; readonly to: AtPorts }
);

type Said =
  | Omit<Extract<Assertion, { kind: 'reached-only-from' }>, 'text' | 'name' | 'place'>
  | Omit<Extract<Assertion, { kind: 'reaches-only' }>, 'text' | 'name' | 'place'>
  | Omit<Extract<Assertion, { kind: 'no-path' }>, 'text' | 'name' | 'place'>
  | Omit<Extract<Assertion, { kind: 'reaches' }>, 'text' | 'name' | 'place'>
  | Omit<Extract<Assertion, { kind: 'does-not-reach' }>, 'text' | 'name' | 'place'>;

/** Why a sentence is no assertion. */
type Fault = { readonly fault: string };

const INTERNET = /^(?:the )?internet$/i;
const NAMESPACE = /^namespace\s+([^\s/]+)$/;
const ALL_OF = /^([^\s/]+)\/\*$/;
const LABEL = /^label\s+([^\s=]+)=(\S*)$/;

function peersOf(text: string): NamedPeers | Fault {
  const trimmed = text.trim();
  if (INTERNET.test(trimmed)) return { kind: 'internet' };
  const [, namespace] = NAMESPACE.exec(trimmed) ?? ALL_OF.exec(trimmed) ?? [];
  if (namespace !== undefined) return { kind: 'namespace', name: namespace };
  const [, key, value] = LABEL.exec(trimmed) ?? [];
  if (key !== undefined && value !== undefined) return { kind: 'label', key, value };
  if (trimmed === '' || /\s/.test(trimmed))
    return { fault: `\`${trimmed}\` names nobody; ${FORMS}` };
  return { kind: 'peer', text: trimmed };
}

const FORMS =
  'write `namespace/name`, a name, `namespace/*`, `label key=value`, an address, a CIDR, `internet` or `{ingress-controller}`, with `:port` where ports matter';

const WITH_PORT = /^(.*?):(?:(tcp|udp|sctp)\/)?(\d{1,5})(?:-(\d{1,5}))?$/i;
const LAST_PORT = 65_535;

/** An IPv6 address has colons of its own: it takes no port. */
function atPortsOf(text: string): AtPorts | Fault {
  const trimmed = text.trim();
  const several = (trimmed.match(/:/g) ?? []).length > 1;
  const [, head, protocol = 'TCP', first, last = first] = several
    ? []
    : (WITH_PORT.exec(trimmed) ?? []);
  const peers = peersOf(head ?? trimmed);
  if ('fault' in peers) return peers;
  if (head === undefined) return { peers, ports: ALL_PORTS };
  const [from, to] = [Number(first), Number(last)];
  if (from < 1 || to > LAST_PORT || to < from)
    return { fault: `\`${trimmed}\` has no ports between 1 and ${LAST_PORT}` };
  const named = protocol.toUpperCase() as Protocol;
  return { peers, ports: portSetOf([{ protocol: named, from, to }]) };
}

function listOf(text: string): readonly AtPorts[] | Fault {
  if (/^(?:nobody|nothing)$/i.test(text.trim())) return [];
  const found: AtPorts[] = [];
  for (const part of text.split(/\s*,\s*(?:and\s+)?|\s+and\s+/)) {
    const one = atPortsOf(part);
    if ('fault' in one) return one;
    found.push(one);
  }
  return found;
}

const only =
  (kind: 'reached-only-from' | 'reaches-only') =>
  (left: string, right: string): Said | Fault => {
    const subject = peersOf(left);
    if ('fault' in subject) return subject;
    const allowed = listOf(right);
    return 'fault' in allowed ? allowed : { kind, subject, allowed };
  };

const plain =
  (kind: 'reaches' | 'does-not-reach') =>
  (left: string, right: string): Said | Fault => {
    const from = peersOf(left);
    if ('fault' in from) return from;
    const to = atPortsOf(right);
    return 'fault' in to ? to : { kind, from, to };
  };

function noPath(left: string, right: string): Said | Fault {
  const from = peersOf(left);
  if ('fault' in from) return from;
  const to = peersOf(right);
  return 'fault' in to ? to : { kind: 'no-path', from, to };
}

const SENTENCES: readonly (readonly [RegExp, (left: string, right: string) => Said | Fault])[] = [
  [/^no path from (.+) to (.+)$/i, noPath],
  [/^(.+) is (?:only reached|reached only) from (.+)$/i, only('reached-only-from')],
  [/^(.+) reaches only (.+)$/i, only('reaches-only')],
  [/^(.+) (?:does not|must not) reach (.+)$/i, plain('does-not-reach')],
  [/^(.+) (?:reaches|may reach|must reach) (.+)$/i, plain('reaches')],
];

export const SENTENCE_FORMS =
  'write `A is reached only from B:8443, C`, `A reaches only B:443`, `A reaches B:443`, `A does not reach B` or `no path from A to B`';

/** What a sentence says, or why it says nothing. */
export function parseSentence(sentence: string): Said | Fault {
  const text = sentence.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  for (const [form, read] of SENTENCES) {
    const [, left, right] = form.exec(text) ?? [];
    if (left !== undefined && right !== undefined) return read(left, right);
  }
  return { fault: `\`${text}\` is no assertion; ${SENTENCE_FORMS}` };
}
