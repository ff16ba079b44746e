/** Which row of which cluster; cluster 0 is none. */
export type RowKey = { readonly clusterId: number; readonly id: string };

/** The same as one text, to find rows by. */
export const textOfKey = ({ clusterId, id }: RowKey): string => `${clusterId} ${id}`;
