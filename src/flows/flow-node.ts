import { encodeId } from '../query/node-id.js';
import type { FlowEnds } from './flow-look-ahead.js';
import { type FlowTag, type FlowView, tagsOf } from './flow-view.js';
import { FlowProtocol, TrafficClass } from './observation.js';

/** A flow as the API shows it: `id` is the API's, `rowId` the store's. */
export type FlowNode = FlowEnds &
  Omit<FlowView, 'protocol' | 'trafficClass'> & {
    readonly rowId: string;
    readonly protocol: FlowProtocol;
    readonly trafficClass: TrafficClass;
    readonly tags: readonly FlowTag[];
  };

const PROTOCOLS: ReadonlySet<string> = new Set(Object.values(FlowProtocol));
const CLASSES: ReadonlySet<string> = new Set(Object.values(TrafficClass));

/** Stored text may be of another version of the server. */
export const protocolOf = (text: string): FlowProtocol =>
  PROTOCOLS.has(text) ? (text as FlowProtocol) : FlowProtocol.OTHER;

const classOf = (text: string): TrafficClass =>
  CLASSES.has(text) ? (text as TrafficClass) : TrafficClass.APP;

export const flowNode = (flow: FlowView, ends: FlowEnds = {}): FlowNode => ({
  ...ends,
  ...flow,
  id: encodeId('Flow', flow.clusterId, flow.id),
  rowId: flow.id,
  protocol: protocolOf(flow.protocol),
  trafficClass: classOf(flow.trafficClass),
  tags: tagsOf(flow),
});
