import {
  faultOfDnsLabel,
  faultOfLabelKey,
  faultOfLabelValue,
  faultOfSubdomain,
  type KubernetesObject,
  type Problem,
  Severity,
} from '../netpol/index.js';

type Wrong = {
  readonly path: readonly string[];
  readonly what: string;
  readonly value: string;
  readonly fault: string;
};

const LONGEST_SHOWN = 60;

const shown = (text: string): string =>
  JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text).slice(
    1,
    -1,
  );

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function wrongLabel(labels: unknown, path: readonly string[]): Wrong | null {
  if (!isObject(labels)) return null;
  for (const [key, value] of Object.entries(labels)) {
    const keyFault = faultOfLabelKey(key);
    if (keyFault !== null) return { path, what: 'label key', value: key, fault: keyFault };
    const fault = typeof value === 'string' ? faultOfLabelValue(value) : null;
    if (fault !== null)
      return { path: [...path, key], what: 'label value', value: String(value), fault };
  }
  return null;
}

const LABELS: readonly (readonly string[])[] = [
  ['metadata', 'labels'],
  ['spec', 'selector'],
  ['spec', 'selector', 'matchLabels'],
  ['spec', 'template', 'metadata', 'labels'],
  ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels'],
];

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), value);

function wrongName({ namespace, name, kind }: KubernetesObject): Wrong | null {
  const namespaceFault = namespace === null ? null : faultOfDnsLabel(namespace);
  if (namespace !== null && namespaceFault !== null) {
    const path = ['metadata', 'namespace'];
    return { path, what: 'namespace', value: namespace, fault: namespaceFault };
  }
  const rule = kind === 'Namespace' ? faultOfDnsLabel : faultOfSubdomain;
  const fault = name === null ? null : rule(name);
  return name === null || fault === null
    ? null
    : { path: ['metadata', 'name'], what: 'name', value: name, fault };
}

const KIND = /^[A-Za-z][A-Za-z0-9]{0,62}$/;

const wrongOwner = (value: unknown): Wrong | null => {
  const owners = at(value, ['metadata', 'ownerReferences']);
  for (const owner of Array.isArray(owners) ? owners.filter(isObject) : []) {
    const { kind, name } = owner;
    const path = ['metadata', 'ownerReferences'];
    if (typeof kind === 'string' && !KIND.test(kind))
      return { path, what: 'kind of an owner', value: kind, fault: 'must be letters and digits' };
    const fault = typeof name === 'string' ? faultOfSubdomain(name) : null;
    if (fault !== null) return { path, what: 'name of an owner', value: String(name), fault };
  }
  return null;
};

function wrongIn(object: KubernetesObject): Wrong | null {
  const wrong = wrongName(object);
  if (wrong !== null) return wrong;
  if (!KIND.test(object.kind))
    return {
      path: ['kind'],
      what: 'kind',
      value: object.kind,
      fault: 'must be letters and digits',
    };
  for (const path of LABELS) {
    const label = wrongLabel(at(object.value, path), path);
    if (label !== null) return label;
  }
  return wrongOwner(object.value);
}

/** Of RBAC other names are allowed; policies are checked where they are read. */
const isNamedFreely = ({ apiVersion, kind }: KubernetesObject): boolean =>
  apiVersion.startsWith('rbac.authorization.k8s.io/') || kind.endsWith('NetworkPolicy');

const problemOf = ({ kind, locate }: KubernetesObject, wrong: Wrong): Problem => ({
  code: 'NAME_INVALID',
  severity: Severity.ERROR,
  message: `${wrong.what} \`${shown(wrong.value)}\` of this ${shown(kind)} ${wrong.fault}: left out`,
  path: wrong.path.join('.'),
  place: locate(wrong.path),
  hint: 'no cluster takes such an object; correct it where it was written',
});

export type NamedObjects = {
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly Problem[];
};

/**
 * The objects whose names and labels a cluster can have. Names become keys, parts of paths and of documents: what no API
 * server would take is left out with a problem, and the others go on.
 */
export function wellNamed(objects: readonly KubernetesObject[]): NamedObjects {
  const problems: Problem[] = [];
  const sound = objects.filter(object => {
    const wrong = isNamedFreely(object) ? null : wrongIn(object);
    if (wrong !== null) problems.push(problemOf(object, wrong));
    return wrong === null;
  });
  return { objects: sound, problems };
}
