type Page<Node> = {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** All nodes of a connection, page by page. */
export const allNodes = async <Node>(
  pageAfter: (after: string | null) => Promise<Page<Node>>,
): Promise<readonly Node[]> => {
  const nodes: Node[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page<Node> = await pageAfter(after);
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === after) return nodes;
    after = page.pageInfo.endCursor;
  }
};
