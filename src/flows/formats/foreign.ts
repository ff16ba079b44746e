import { objectOf } from './coerce.js';
import { type JsonObject, plainTextOf, type RawRecord } from './record.js';

/** What a record plainly is that is read in no format, and what to send instead. */
export type Foreign = { readonly what: string; readonly cure: string };

const TO_NEUTRAL = 'write each of its records as one of `neutral`, with who asked whom';
const AS_JSON = 'write it again with `-o json`: text for people is not read';

type JsonSign = readonly [is: (value: JsonObject) => boolean, what: string, cure: string];

const isText = (value: unknown): value is string => typeof value === 'string';

const AZURE: ReadonlySet<unknown> = new Set([
  'NetworkSecurityGroupFlowEvent',
  'FlowLogFlowEvent',
  'NetworkSecurityGroupFlowEvents',
]);

const JSON_SIGNS: readonly JsonSign[] = [
  [
    value => AZURE.has(value['category']),
    'a flow log of Azure (network security groups or virtual networks)',
    TO_NEUTRAL,
  ],
  [
    value => isText(objectOf(value['connection'])?.['src_ip']),
    "a record of Google's VPC flow logs, which do not tell who asked",
    'export the log `policy-action` of GKE Dataplane V2, or another source of this cluster',
  ],
  [
    value => value['sourceIPv4Address'] !== undefined || value['sourceIPv6Address'] !== undefined,
    'an IPFIX record, as Antrea and collectors of NetFlow write it',
    TO_NEUTRAL,
  ],
  [value => objectOf(value['elements']) !== null, 'a graph of Kiali', TO_NEUTRAL],
  [value => value['class_uid'] === 4001, 'a network event of OCSF', TO_NEUTRAL],
  [
    value => isText(objectOf(value['source'])?.['ip']) && objectOf(value['network']) !== null,
    "a flow in Elastic's common schema",
    TO_NEUTRAL,
  ],
  [
    value => value['downstream_remote_address'] !== undefined,
    "a line of Envoy's access log, which is of layer 7",
    "export ztunnel's access log, or the flows of the network plugin",
  ],
];

type TextSign = readonly [is: RegExp, what: string, cure: string];

const TEXT_SIGNS: readonly TextSign[] = [
  [
    /^(?:apiVersion|kind|metadata|spec): ?/,
    "a manifest of Kubernetes' objects",
    'objects of the cluster go to `weirgate cluster import`',
  ],
  [
    /^\s*<!doctype html|^\s*<html/i,
    'a page of HTML',
    'what answered was no source of flows: look at it',
  ],
  [/^\s*<\??(?:xml|conntrack|flow)\b/, 'XML', 'leave `-o xml` out: conntrack writes text then'],
  [/^NAME(?:SPACE)? {2,}[A-Z]|^TIMESTAMP\s+SOURCE\s+DESTINATION/, 'a table for people', AS_JSON],
  [
    / (?:->|<-|<>) .*\b(?:FORWARDED|DROPPED|AUDIT|REDIRECTED|TRACED|TRANSLATED|ERROR)\b/,
    "Hubble's text for people",
    'write it again with `hubble observe -o jsonpb`',
  ],
  [
    /\bIN=\S* OUT=\S* .*\bSRC=\S+ DST=\S+/,
    "a line of netfilter's LOG target",
    'export `conntrack -L`, or the flows of the network plugin',
  ],
  [
    /\bacl_log\(\w+\)\|/,
    "a line of OVN's ACL log",
    'export the flows of NetObserv, with network events',
  ],
  [
    /^\d{10},\d{10},[\da-f.:]+,[\da-f.:]+,\d+,\d+,\d+,/,
    "a line of Antrea's FlowLogger, which has no header",
    TO_NEUTRAL,
  ],
  [/^-A .*-s \S+ -d \S+/, '`conntrack -o save`', 'leave `-o save` out'],
  [
    /\bztunnel::proxy::/,
    'a line of ztunnel from before its access log',
    'use Istio 1.22 or later, whose lines name both ends',
  ],
  [
    /^\S* ?IP6? \S+ > \S+: /,
    'the text of tcpdump',
    'export `conntrack -L`, or the flows of the network plugin',
  ],
];

const objectSign = (value: JsonObject): Foreign | null => {
  const { apiVersion, kind } = value;
  if (!isText(apiVersion) || !isText(kind)) return null;
  return {
    what: `a \`${kind}\` of Kubernetes, no flow`,
    cure: 'objects of the cluster go to `weirgate cluster import`',
  };
};

const ofJson = (value: JsonObject): Foreign | null => {
  const found = JSON_SIGNS.find(([is]) => is(value));
  return found === undefined ? objectSign(value) : { what: found[1], cure: found[2] };
};

/** The first characters tell, and a line may be long. */
const LONGEST = 1_024;

const ofText = (text: string): Foreign | null => {
  const head = text.slice(0, LONGEST);
  const found = TEXT_SIGNS.find(([is]) => is.test(head));
  return found === undefined ? null : { what: found[1], cure: found[2] };
};

/** Null: nobody knows. */
export const foreignOf = (record: RawRecord): Foreign | null => {
  if (record.value !== null) return ofJson(record.value);
  const text = plainTextOf(record);
  return text === null ? null : ofText(text);
};
