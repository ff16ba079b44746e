import { ObservedVerdict } from '../flow.js';
import { enumOf, listOf, numberOf } from './coerce.js';
import { EventType, FLOW_TYPES, type HubbleFlow } from './hubble-flow.js';

/** Numbers of `flow.Verdict`. Retina adds 15 (retransmission) and 16 (DNS), which say nothing of a verdict. */
const VERDICTS: Readonly<Record<number, string>> = {
  0: 'VERDICT_UNKNOWN',
  1: 'FORWARDED',
  2: 'DROPPED',
  3: 'ERROR',
  4: 'AUDIT',
  5: 'REDIRECTED',
  6: 'TRACED',
  7: 'TRANSLATED',
};

/** Numbers of `flow.DropReason` that a policy decides; every other drop is the dataplane's trouble. */
const POLICY_REASONS: Readonly<Record<number, string>> = {
  133: 'POLICY_DENIED',
  177: 'DENIED_BY_LB_SRC_RANGE_CHECK',
  181: 'POLICY_DENY',
  189: 'AUTH_REQUIRED',
};
const POLICY_REASON_NAMES: ReadonlySet<string> = new Set(Object.values(POLICY_REASONS));

/** The name of the reason; null: the record gives none. */
const reasonOf = ({ drop_reason_desc, drop_reason }: HubbleFlow): string | null => {
  const name = enumOf(drop_reason_desc, POLICY_REASONS);
  if (name !== null && name !== 'DROP_REASON_UNKNOWN') return name;
  const number = numberOf(drop_reason);
  return number === null || number === 0 ? null : (POLICY_REASONS[number] ?? String(number));
};

const namesDenier = ({ egress_denied_by, ingress_denied_by }: HubbleFlow): boolean =>
  [egress_denied_by, ingress_denied_by].some(policies => listOf(policies).length > 0);

/** A field mask may hide the reason: the event of a policy's verdict is a policy's all the same, and so is one that names it. */
const isByPolicy = (flow: HubbleFlow): boolean => {
  const reason = reasonOf(flow);
  if (reason !== null) return POLICY_REASON_NAMES.has(reason);
  return numberOf(flow.event_type?.type) === EventType.POLICY_VERDICT || namesDenier(flow);
};

/**
 * A drop is a denial when a policy of layers 3 and 4 caused it, which gives its reason. The proxy of layer 7 gives none: it
 * refuses a request, with HTTP 403, on a connection that was let through.
 */
const droppedVerdict = (flow: HubbleFlow): ObservedVerdict =>
  isByPolicy(flow) ? ObservedVerdict.DENIED : ObservedVerdict.ERROR;

/** A drop that may be a policy's and does not say so: the exporter's field mask hides its reason. */
export const isUnexplained = (flow: HubbleFlow): boolean =>
  enumOf(flow.verdict, VERDICTS) === 'DROPPED' &&
  enumOf(flow.Type, FLOW_TYPES) !== 'L7' &&
  flow.l7 == null &&
  reasonOf(flow) === null &&
  !isByPolicy(flow);

/**
 * What the dataplane said; null where the record is none of a flow: `TRACED` and `TRANSLATED` are
 * socket events, seen before the Service's address is translated. `REDIRECTED` went to the L7 proxy.
 */
export const verdictOf = (flow: HubbleFlow): ObservedVerdict | null => {
  switch (enumOf(flow.verdict, VERDICTS)) {
    case 'FORWARDED':
    case 'REDIRECTED':
      return ObservedVerdict.ALLOWED;
    case 'DROPPED':
      return droppedVerdict(flow);
    case 'AUDIT':
      return ObservedVerdict.AUDIT;
    case 'ERROR':
      return ObservedVerdict.ERROR;
    case 'TRACED':
    case 'TRANSLATED':
      return null;
    default:
      return ObservedVerdict.UNKNOWN;
  }
};
