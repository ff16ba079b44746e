import { type Profile, parseProfile } from './profile.js';

/** The label of a namespace that says which zone it is in. */
const ZONE = 'network-zone';

const BOTH = ['INGRESS', 'EGRESS'];

/**
 * The zones of a GPU cluster: management reaches everywhere, training pods reach each other on every port (NCCL and RDMA take any)
 * and storage, but not the internet; inference is what clients come to; external is where the internet is met.
 */
const GPU = {
  name: 'gpu',
  zones: [
    {
      name: 'management',
      labels: { [ZONE]: 'management' },
    },
    {
      name: 'training',
      labels: { [ZONE]: 'training' },
      deny: BOTH,
      internet: false,
      rules: [
        { direction: 'INGRESS' },
        { direction: 'EGRESS' },
        { direction: 'INGRESS', zone: 'management' },
        { direction: 'EGRESS', zone: 'storage' },
      ],
    },
    {
      name: 'inference',
      labels: { [ZONE]: 'inference' },
      deny: BOTH,
      rules: [
        { direction: 'INGRESS', zone: 'management' },
        { direction: 'EGRESS', zone: 'storage' },
      ],
    },
    {
      name: 'storage',
      labels: { [ZONE]: 'storage' },
      deny: BOTH,
      internet: false,
      rules: [
        { direction: 'INGRESS', zone: 'management' },
        { direction: 'INGRESS', zone: 'training' },
        { direction: 'INGRESS', zone: 'inference' },
      ],
    },
    {
      name: 'external',
      labels: { [ZONE]: 'external' },
      deny: BOTH,
    },
  ],
};

/** Profiles that come with the program, as a user would write them. */
export const BUILT_IN_PROFILE_DEFINITIONS: readonly { readonly name: string }[] = [GPU];

/** The same as they are read, by name. */
export const BUILT_IN_PROFILES: Readonly<Record<string, Profile>> = { gpu: parseProfile(GPU) };
