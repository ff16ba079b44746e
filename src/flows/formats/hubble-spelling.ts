import { objectOf } from './coerce.js';
import type { HubbleFlow } from './hubble-flow.js';
import type { JsonObject } from './record.js';

/** Names that other people gave are no fields. */
const NOT_FIELDS: ReadonlySet<string> = new Set(['labels', 'extensions']);

const CAMEL = /^[a-z][a-z0-9]*[A-Z]/;

const protoName = (field: string): string =>
  CAMEL.test(field) ? field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`) : field;

const inProtoNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inProtoNames);
  const object = objectOf(value);
  if (object === null) return value;
  const fields = Object.entries(object).map(([field, told]) => [
    protoName(field),
    NOT_FIELDS.has(field) ? told : inProtoNames(told),
  ]);
  return Object.fromEntries(fields);
};

const OF_FLOW = [
  'nodeName',
  'eventType',
  'trafficDirection',
  'isReply',
  'traceObservationPoint',
  'traceReason',
  'dropReasonDesc',
  'sourceNames',
  'destinationNames',
] as const;
const OF_END = ['podName', 'clusterName'] as const;
const OF_PORTS = ['sourcePort', 'destinationPort'] as const;

const hasSome = (value: unknown, fields: readonly string[]): boolean =>
  fields.some(field => (value as JsonObject | null | undefined)?.[field] !== undefined);

/** Most records tell by one field that they have the proto's names; a field mask may leave few to tell by. */
const isCamel = (flow: JsonObject & HubbleFlow): boolean => {
  if (flow.node_name !== undefined || flow.event_type !== undefined) return false;
  const { l4, source, destination } = flow;
  const ports = l4?.TCP ?? l4?.UDP ?? l4?.SCTP;
  return (
    hasSome(flow, OF_FLOW) ||
    hasSome(ports, OF_PORTS) ||
    hasSome(source, OF_END) ||
    hasSome(destination, OF_END)
  );
};

/** Where Go's own JSON puts what protobuf calls a "oneof", and a value that may be absent. */
type GoFlow = HubbleFlow & {
  readonly l4?: { readonly Protocol?: HubbleFlow['l4'] } | null;
  readonly l7?: { readonly Record?: { readonly Dns?: unknown } | null } | null;
};

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Go leaves a false out: an empty object is one. */
const toldReply = (told: unknown): unknown => {
  const boxed = objectOf(told);
  return boxed === null ? (BOOLEANS.get(told) ?? told) : (boxed['value'] ?? false);
};

const isPlain = ({ is_reply, l4 }: GoFlow): boolean =>
  (is_reply == null || typeof is_reply === 'boolean') && l4?.Protocol === undefined;

const ofGo = (flow: GoFlow): HubbleFlow => {
  const dns = flow.l7?.Record?.Dns;
  return {
    ...flow,
    ...(flow.is_reply == null ? {} : { is_reply: toldReply(flow.is_reply) }),
    ...(flow.l4?.Protocol === undefined ? {} : { l4: flow.l4.Protocol ?? null }),
    ...(dns === undefined ? {} : { l7: { ...flow.l7, dns } as NonNullable<HubbleFlow['l7']> }),
  };
};

/**
 * A flow with the names of the proto, as Hubble's own commands write it. Other clients of its API, grpcurl among them,
 * write protobuf's JSON names, and programs in Go their own JSON.
 */
export const spelled = (flow: JsonObject): HubbleFlow => {
  const named = (isCamel(flow) ? inProtoNames(flow) : flow) as GoFlow;
  return isPlain(named) ? named : ofGo(named);
};

const EVENTS = ['lostEvents', 'nodeStatus', 'agentEvent', 'debugEvent'] as const;

/** A record that holds no flow, with the names of the proto. */
export const spelledEvent = (value: JsonObject): JsonObject =>
  hasSome(value, EVENTS) ? (inProtoNames(value) as JsonObject) : value;

/** Fields by which a record without its envelope is known to be spelled so. */
export const CAMEL_FIELDS = [...EVENTS, ...OF_FLOW] as const;
