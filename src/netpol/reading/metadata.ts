import type { Policy } from '../policy.js';
import { Severity } from '../problem.js';
import {
  type Cursor,
  isAbsent,
  member,
  note,
  objectAt,
  stringAt,
  textAt,
  warn,
  warnOfUnknown,
} from './cursor.js';
import { faultOfDnsLabel, faultOfSubdomain } from './names.js';
import type { KubernetesObject } from './objects.js';
import { labelsAt } from './selector.js';
import type { Path } from './source.js';

/** ObjectMeta of apimachinery's `meta/v1`. */
const METADATA = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
  'clusterName',
];

export const DEFAULT_NAMESPACE = 'default';

/** Checks what all policies share, and gives back the parts of a policy that come from it. */
export function headOf(
  cursor: Cursor,
  object: KubernetesObject,
): Pick<Policy, 'kind' | 'apiVersion' | 'name' | 'place' | 'document'> {
  warnOfUnknown(cursor, ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const metadata = member(cursor, 'metadata');
  objectAt(metadata);
  warnOfUnknown(metadata, METADATA);
  labelsAt(member(metadata, 'labels'));
  annotationsAt(member(metadata, 'annotations'));
  const name = policyNameAt(member(metadata, 'name'));
  const path: Path = name === null ? [] : ['metadata', 'name'];
  return {
    kind: object.kind,
    apiVersion: object.apiVersion,
    name: name ?? '',
    place: object.locate(path),
    document: object.value,
  };
}

/** The name of any object; null where it is missing. A namespace that is no string is noted. */
export function nameOf(cursor: Cursor): string | null {
  const metadata = member(cursor, 'metadata');
  objectAt(metadata);
  stringAt(member(metadata, 'namespace'));
  return requiredName(member(metadata, 'name'), 'the object');
}

function requiredName(cursor: Cursor, what: string): string | null {
  const name = isAbsent(cursor) ? '' : stringAt(cursor);
  if (name === null) return null;
  if (name === '') {
    return note(cursor, {
      code: 'NAME_MISSING',
      message: `${what} has no \`metadata.name\``,
      hint: 'give it a name that is unique in its namespace',
    });
  }
  return name;
}

function policyNameAt(cursor: Cursor): string | null {
  const name = requiredName(cursor, 'the policy');
  if (name === null) return null;
  const fault = faultOfSubdomain(name);
  if (fault !== null) {
    note(cursor, {
      code: 'NAME_INVALID',
      message: `name \`${name}\` ${fault}`,
      hint: 'write a name such as `allow-dns`',
    });
  }
  return name;
}

function annotationsAt(cursor: Cursor): void {
  for (const key of Object.keys(objectAt(cursor) ?? {})) textAt(member(cursor, key));
}

/** A namespaced object without namespace belongs to `default`, where kubectl puts it unless told otherwise. */
export function namespaceAt(cursor: Cursor, warnOfDefault: boolean): string {
  const place = member(member(cursor, 'metadata'), 'namespace');
  const namespace = isAbsent(place) ? '' : stringAt(place);
  if (namespace === null || namespace === '') {
    if (warnOfDefault) {
      warn(member(cursor, 'metadata'), {
        code: 'NAMESPACE_MISSING',
        message: `no namespace is given: read as \`${DEFAULT_NAMESPACE}\``,
        hint: 'write `metadata.namespace`',
      });
    }
    return DEFAULT_NAMESPACE;
  }
  const fault = faultOfDnsLabel(namespace);
  if (fault !== null) {
    note(place, {
      code: 'NAMESPACE_INVALID',
      message: `namespace \`${namespace}\` ${fault}`,
      hint: 'write the name of a namespace',
    });
  }
  return namespace;
}

/** Cluster-scoped objects have no namespace. */
export function warnOfNamespace(cursor: Cursor): void {
  const namespace = member(member(cursor, 'metadata'), 'namespace');
  if (isAbsent(namespace)) return;
  note(namespace, {
    code: 'NAMESPACE_IGNORED',
    severity: Severity.WARNING,
    message: 'this kind of policy has no namespace: ignored',
    hint: 'leave `metadata.namespace` out',
  });
}

/** The spec, which every policy must have. */
export function specAt(cursor: Cursor, known: readonly string[]): Cursor {
  const spec = member(cursor, 'spec');
  if (isAbsent(spec)) {
    note(spec, {
      code: 'SPEC_MISSING',
      message: 'the policy has no `spec`',
      hint: 'write what it selects and allows',
    });
  }
  objectAt(spec);
  warnOfUnknown(spec, known);
  return spec;
}
