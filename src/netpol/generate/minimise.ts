import { parseCidr, uniteBlocks } from '../addresses/block.js';
import { cidrsOf } from '../addresses/cidrs.js';
import {
  joined,
  joinedBy,
  type PeerDraft,
  type PortDraft,
  portKey,
  type RuleDraft,
} from './draft.js';
import { API_SERVER } from './external.js';
import { isOfNodes } from './nodes-title.js';
import { blockPeer } from './surroundings.js';

/** Blocks as the fewest that hold the same addresses; other peers each once, in the order of their text. */
function fewestPeers(peers: readonly PeerDraft[]): readonly PeerDraft[] {
  const blocks = peers.flatMap(peer => (peer.kind === 'block' ? (parseCidr(peer.cidr) ?? []) : []));
  const others = new Map(
    peers.filter(({ kind }) => kind !== 'block').map(peer => [JSON.stringify(peer), peer]),
  );
  return [
    ...[...others].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, peer]) => peer),
    ...cidrsOf(uniteBlocks(blocks)).map(blockPeer),
  ];
}

/** Single ports that follow each other as one range (`endPort`). */
function fewestPorts(ports: readonly PortDraft[]): readonly PortDraft[] {
  const ranges: PortDraft[] = [];
  for (const port of ports) {
    const last = ranges.at(-1);
    const end = last?.endPort ?? last?.port ?? null;
    const follows =
      last?.protocol === port.protocol &&
      end !== null &&
      port.port !== null &&
      port.port === end + 1;
    if (last !== undefined && follows && port.port !== null)
      ranges[ranges.length - 1] = { ...last, endPort: port.port };
    else ranges.push(port);
  }
  return ranges;
}

const TITLES = 3;

/** `shop/api, shop/web and 4 more`. */
function titleOf(drafts: readonly RuleDraft[]): string {
  const titles = [...new Set(drafts.map(({ title }) => title))].toSorted();
  const rest = titles.length - TITLES;
  const shown = titles.slice(0, TITLES).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

/** What other kinds of policies name otherwise than by addresses stays a rule of its own. */
const apart = (draft: RuleDraft): string =>
  isOfNodes(draft) || draft.title === API_SERVER ? draft.title : '';

const samePorts = (draft: RuleDraft): string =>
  `${draft.direction} ${draft.origin} ${apart(draft)} ${draft.ports.map(portKey).join()}`;

/** Rules for the same ports as one, blocks and ports as the fewest: what is allowed stays exactly the same. */
export const fewest = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  joinedBy(drafts, samePorts, same => ({
    ...joined(same),
    title: titleOf(same),
    peers: fewestPeers(same.flatMap(({ peers }) => peers)),
  })).map(draft => ({ ...draft, ports: fewestPorts(draft.ports) }));
