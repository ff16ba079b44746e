import { canonicalCidr, liesWithin } from '../addresses/canonical.js';
import { counted } from '../counted.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import {
  joined,
  joinedBy,
  type PeerDraft,
  peersText,
  type RuleDraft,
  RuleOrigin,
} from './draft.js';
import { ExternalGrouping, type NamedCidr } from './options.js';
import { blockPeer, compareAddresses } from './surroundings.js';
import { warning } from './warning.js';

const PREFIX = 'EXTERNAL:';
/** Its addresses are those of its Endpoints. */
export const API_SERVER = `${PREFIX}kube-apiserver`;

type Block = Extract<PeerDraft, { kind: 'block' }>;

/** The one block of a draft that a flow from or to somebody outside asked for; null: the draft is none of these. */
function outsideOf({ origin, peers }: RuleDraft): Block | null {
  const [peer, ...others] = peers;
  return origin === RuleOrigin.OBSERVED && peer?.kind === 'block' && others.length === 0
    ? peer
    : null;
}

const addressOf = ({ cidr }: Block): string => cidr.replace(/\/(32|128)$/, '');

/** Whether people call it by a name, not by its address. */
export const isNamed = (title: string, cidr: string): boolean =>
  title.startsWith(PREFIX) && !title.startsWith(PREFIX + addressOf({ kind: 'block', cidr }));

const portsText = ({ ports }: RuleDraft): string => JSON.stringify(ports);

const uniteBlocks = (drafts: readonly RuleDraft[]): readonly PeerDraft[] =>
  [...new Set(drafts.flatMap(draft => outsideOf(draft)?.cidr ?? []))]
    .toSorted(compareAddresses)
    .map(blockPeer);

/** `EXTERNAL:203.0.113.9 and 58 more addresses`. */
function titleOf(drafts: readonly RuleDraft[], peers: readonly PeerDraft[]): string {
  const [first] = peers;
  const wanted = first === undefined ? '' : peersText([first]);
  const single = drafts.find(
    ({ peers: [peer] }) => peer !== undefined && peersText([peer]) === wanted,
  );
  const title = single?.title ?? drafts[0]?.title ?? '';
  const rest = peers.length - 1;
  const isOneName = drafts.every(draft => draft.title === drafts[0]?.title);
  if (isOneName || rest === 0) return title;
  return `${title} and ${counted(rest, 'more address', 'more addresses')}`;
}

const unite = (same: readonly [RuleDraft, ...RuleDraft[]]): RuleDraft => {
  const peers = uniteBlocks(same);
  return { ...joined(same), peers, title: titleOf(same, peers) };
};

/** The longest block with a name that an address lies in. */
function blockWith(cidr: string, blocks: readonly NamedCidr[]): NamedCidr | null {
  const address = cidr.split('/')[0] ?? '';
  const around = blocks.filter(block => liesWithin(address, [block.cidr]));
  const width = (block: NamedCidr): number => Number(block.cidr.split('/')[1] ?? 0);
  return around.toSorted((one, other) => width(other) - width(one))[0] ?? null;
}

const byName = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  joinedBy(drafts, draft => `${draft.direction} ${draft.title}`, unite);

/** The block, or all blocks of its name, instead of the addresses that were seen in it. */
const byBlock = (
  drafts: readonly RuleDraft[],
  blocks: readonly NamedCidr[],
  isWhole: boolean,
): readonly RuleDraft[] =>
  drafts.map(draft => {
    const outside = outsideOf(draft);
    const block = outside === null ? null : blockWith(outside.cidr, blocks);
    if (block === null) return draft;
    const all = isWhole ? blocks.filter(({ name }) => name === block.name) : [block];
    const cidrs = [...new Set(all.map(({ cidr }) => canonicalCidr(cidr) ?? cidr))];
    return {
      ...draft,
      title: PREFIX + block.name,
      peers: cidrs.toSorted(compareAddresses).map(blockPeer),
    };
  });

const ofPeers = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  joinedBy(
    drafts,
    ({ direction, origin, peers }) => `${direction} ${origin} ${peersText(peers)}`,
    joined,
  );

/** Addresses of one name, and those without a name, are one rule where they use the same ports. */
function byPorts(drafts: readonly RuleDraft[]): readonly RuleDraft[] {
  const keyOf = (draft: RuleDraft): string => {
    const outside = outsideOf(draft);
    if (outside === null) return `${draft.direction} ${peersText(draft.peers)}`;
    const name = isNamed(draft.title, outside.cidr) ? draft.title : '';
    return `${draft.direction} ${name} ${portsText(draft)}`;
  };
  return joinedBy(drafts, keyOf, same => (same.length === 1 ? same[0] : unite(same)));
}

/** More addresses of a name than one: it moves, and the next one is not in the rule. */
function rotating(own: string, drafts: readonly RuleDraft[]): readonly Problem[] {
  const named = drafts.filter(draft => {
    const outside = outsideOf(draft);
    return outside !== null && draft.title !== API_SERVER && isNamed(draft.title, outside.cidr);
  });
  return [...Map.groupBy(named, ({ title }) => title)].flatMap(([title, same]) => {
    const count = uniteBlocks(same).length;
    return count < 2
      ? []
      : [
          warning(
            'ADDRESSES_ROTATE',
            `\`${title}\`, which \`${own}\` uses, had ${counted(count, 'address', 'addresses')} in the window; the rule holds these, and its next address is blocked`,
            'put its addresses together by a named block (external BLOCK or PROVIDER), or render the set for Cilium, which names hosts',
          ),
        ];
  });
}

/** From so many clients on nobody takes their addresses for a list of who is allowed. */
const MANY_CLIENTS = 10;

const isClient = (draft: RuleDraft): boolean =>
  draft.direction === Direction.INGRESS && outsideOf(draft) !== null;

function publicClients(own: string, drafts: readonly RuleDraft[]): readonly Problem[] {
  const clients = drafts.filter(isClient);
  const count = uniteBlocks(clients).length;
  return count < MANY_CLIENTS
    ? []
    : [
        warning(
          'CLIENT_ADDRESSES',
          `\`${own}\` was called from ${counted(count, 'address', 'addresses')} outside; addresses of clients are no list of who is allowed, and the next client is denied`,
          'let in everybody (`ingressSources: ANYWHERE` lets in `0.0.0.0/0`) or blocks (`ingressSources: BLOCKS` with `ingressBlocks`)',
        ),
      ];
}

export type Grouping = {
  readonly by: ExternalGrouping;
  readonly blocks: readonly NamedCidr[];
};

/** Many clients from outside are let in as `ingressSources` says; null: by the addresses that were seen. */
function openToClients(
  drafts: readonly RuleDraft[],
  sources: readonly PeerDraft[] | null,
): readonly RuleDraft[] {
  if (sources === null || uniteBlocks(drafts.filter(isClient)).length < MANY_CLIENTS) return drafts;
  const blocks = sources.flatMap(peer => (peer.kind === 'block' ? [peer.cidr] : []));
  const title = `${PREFIX}${blocks[0] ?? ''}${blocks.length < 2 ? '' : ` and ${blocks.length - 1} more`}`;
  const clients = joinedBy(drafts.filter(isClient), portsText, ([one, ...more]) => ({
    ...joined([one, ...more]),
    peers: sources,
    title,
  }));
  return [...drafts.filter(draft => !isClient(draft)), ...clients];
}

/**
 * Rules for ends outside, few instead of many: in the form that was asked for, with blocks in numeric order.
 * `drafts` are merged by peers already.
 */
export function groupExternals(
  own: string,
  drafts: readonly RuleDraft[],
  { by, blocks, clients }: Grouping & { readonly clients: readonly PeerDraft[] | null },
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  const open = openToClients(drafts, clients);
  const outside = open.filter(draft => outsideOf(draft) !== null);
  const inside = open.filter(draft => outsideOf(draft) === null);
  const isByBlock = by === ExternalGrouping.BLOCK || by === ExternalGrouping.PROVIDER;
  const placed = isByBlock
    ? ofPeers(byBlock(outside, blocks, by === ExternalGrouping.PROVIDER))
    : outside;
  const isNameOf = (draft: RuleDraft): boolean => {
    const block = outsideOf(draft);
    return block !== null && isNamed(draft.title, block.cidr);
  };
  const grouped =
    by === ExternalGrouping.NAME
      ? [...byName(placed.filter(isNameOf)), ...byPorts(placed.filter(one => !isNameOf(one)))]
      : byPorts(placed);
  return {
    drafts: [...inside, ...grouped],
    problems: [...rotating(own, placed), ...publicClients(own, placed)],
  };
}
