import type { GraphQLResolveInfo } from 'graphql';
import { fieldsOfNodes, needsCursors } from '../graphql/selection.js';
import type { FlowLookAhead } from './flow-look-ahead.js';

/** By the nodes of a field, which are the same for each row of one run, and for the same conditions only. */
const known = new WeakMap<GraphQLResolveInfo['fieldNodes'], FlowLookAhead>();

function read(info: GraphQLResolveInfo): FlowLookAhead {
  const fields = fieldsOfNodes(info);
  const source = fieldsOfNodes(info, 'source');
  const destination = fieldsOfNodes(info, 'destination');
  const isKeyed = needsCursors(info);
  const key = JSON.stringify([[...fields], [...source], [...destination], isKeyed]);
  return { key, fields, source, destination, isKeyed };
}

/** What the flows of the page that is being resolved are asked for. */
export function flowLookAhead(info: GraphQLResolveInfo): FlowLookAhead {
  const ahead = known.get(info.fieldNodes) ?? read(info);
  known.set(info.fieldNodes, ahead);
  return ahead;
}
