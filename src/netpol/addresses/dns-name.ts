/** A DNS name in its one spelling: lower case, without the final dot. */
export const dnsNameOf = (name: string): string =>
  (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
