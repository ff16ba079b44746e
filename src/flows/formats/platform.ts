import { METADATA_ADDRESSES } from '../../netpol/index.js';

/** Azure's host: DNS, health and DHCP of its machines, so that calls to it are no alarm. */
const AZURE_HOST = '168.63.129.16';
/** Amazon's time service, beside its metadata service. */
const AWS_TIME = ['169.254.169.123', 'fd00:ec2::123'] as const;
/** EKS Pod Identity: the agent of the pod's own node. */
const POD_IDENTITY = ['169.254.170.23', 'fd00:ec2::23'] as const;
/** Amazon's DNS over IPv6; over IPv4 it is link-local, as all such resolvers. */
const AWS_DNS_V6 = 'fd00:ec2::253';

/** Addresses at which the cloud, or an agent of it on the node, serves pods. */
export const PLATFORM_ADDRESSES: ReadonlySet<string> = new Set([
  ...METADATA_ADDRESSES,
  AZURE_HOST,
  ...AWS_TIME,
  ...POD_IDENTITY,
  AWS_DNS_V6,
]);

export const isPlatformAddress = (ip: string | null): boolean =>
  ip !== null && PLATFORM_ADDRESSES.has(ip);
