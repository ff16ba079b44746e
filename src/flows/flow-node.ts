import type { FlowEnds } from './flow-look-ahead.js';
import type { FlowView } from './flow-view.js';
import { FlowProtocol, TrafficClass } from './observation.js';

/** A row of a flow as resolvers take it, with as much of it as its list was asked for. */
export type FlowNode = FlowEnds & FlowView;

const PROTOCOLS: ReadonlySet<string> = new Set(Object.values(FlowProtocol));
const CLASSES: ReadonlySet<string> = new Set(Object.values(TrafficClass));

/** Stored text may be of another version of the server. */
export const protocolOf = (text: string): FlowProtocol =>
  PROTOCOLS.has(text) ? (text as FlowProtocol) : FlowProtocol.OTHER;

/** The same. */
export const classOf = (text: string): TrafficClass =>
  CLASSES.has(text) ? (text as TrafficClass) : TrafficClass.APP;
