/**
 * Where clouds hand out a machine's credentials: AWS, GCP and Azure (one address), GKE's Workload Identity (the next
 * one, to which nodes send what asks for the first), ECS tasks, Alibaba, and over
 * IPv6 AWS and GCP. As `render` writes addresses.
 */
export const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.169.252',
  '169.254.170.2',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd20:ce::254',
]);
