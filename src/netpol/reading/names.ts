/**
 * The syntax of names in the Kubernetes API (apimachinery's `validation` package). Each function gives back
 * what is wrong, or null.
 */

const QUALIFIED_PART = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** "a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'". */
export function faultOfSubdomain(name: string): string | null {
  if (name.length > 253) return 'is longer than 253 characters';
  if (name.split('.').every(part => DNS_LABEL.test(part))) return null;
  return 'must consist of lower case letters, digits, `-` and `.`, and start and end with a letter or digit';
}

export function faultOfDnsLabel(name: string): string | null {
  if (name.length > 63) return 'is longer than 63 characters';
  if (DNS_LABEL.test(name)) return null;
  return 'must consist of lower case letters, digits and `-`, and start and end with a letter or digit';
}

/** A qualified name: an optional DNS subdomain and `/`, then at most 63 characters. */
export function faultOfLabelKey(key: string): string | null {
  const parts = key.split('/');
  if (parts.length > 2) return 'must have one `/` at most';
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : null;
  const fault = prefix === null ? null : faultOfSubdomain(prefix);
  if (fault !== null) return `has a prefix that ${fault}`;
  if (name.length > 63) return 'has a name longer than 63 characters';
  if (QUALIFIED_PART.test(name)) return null;
  return 'must consist of letters, digits, `-`, `_` and `.`, and start and end with a letter or digit';
}

/** A label value may be empty. */
export function faultOfLabelValue(value: string): string | null {
  if (value.length > 63) return 'is longer than 63 characters';
  if (value === '' || QUALIFIED_PART.test(value)) return null;
  return 'must consist of letters, digits, `-`, `_` and `.`, and start and end with a letter or digit';
}

/** An IANA service name (RFC 6335), as ports of containers have. */
export function faultOfPortName(name: string): string | null {
  if (name.length > 15) return 'is longer than 15 characters';
  if (!/[a-z]/i.test(name)) return 'must hold a letter';
  if (DNS_LABEL.test(name) && !name.includes('--')) return null;
  return 'must consist of lower case letters, digits and single `-` between them';
}
