import type { DataSource } from 'typeorm';
import { listen } from './notify.js';

/** What was told: rows of one kind and cluster. */
export type News = {
  readonly kind: string;
  readonly clusterId: number;
  readonly ids: readonly string[];
  /** How many more there were, which are not named. */
  readonly skipped: number;
};

export type Listener = {
  readonly heard: (news: News) => void;
  /** The connection was lost for a while: what was told meanwhile is not known. */
  readonly missed: () => void;
};

export type Events = {
  /** Hears of a kind of rows, from all processes on the database. Answers how to stop, once it hears. */
  on(kind: EventKind, listener: Listener): Promise<() => void>;
};

/** `flows` has a channel of its own: ingestion tells of them only where somebody listens. */
const CHANNELS = {
  alert: 'weirgate_event',
  job: 'weirgate_event',
  simulation: 'weirgate_event',
  flows: 'weirgate_flows',
} as const;
export type EventKind = keyof typeof CHANNELS;

/** The name of connections that listen to flows, by which ingestion finds them. */
export const FLOW_LISTENER = 'weirgate-listen-flows';

/** `KIND CLUSTER ID,ID,… SKIPPED` */
function newsOf(payload: string): News {
  const [kind = '', cluster = '', ids = '', skipped = '0'] = payload.split(' ');
  return {
    kind,
    clusterId: Number(cluster),
    ids: ids === '' ? [] : ids.split(','),
    skipped: Number(skipped),
  };
}

type Channel = {
  readonly listeners: Set<Listener & { readonly kind: string }>;
  readonly close: Promise<() => Promise<void>>;
};

function openChannel(url: string, name: string): Channel {
  const listeners: Channel['listeners'] = new Set();
  const heard = (payload: string): void => {
    const news = newsOf(payload);
    for (const listener of listeners) if (listener.kind === news.kind) listener.heard(news);
  };
  const onGap = (): void => {
    for (const listener of listeners) listener.missed();
  };
  const application = name === CHANNELS.flows ? { applicationName: FLOW_LISTENER } : {};
  return { listeners, close: listen(url, name, heard, { onGap, ...application }) };
}

/** Listens while somebody wants to hear: one connection for each channel, whatever the number of those who do. */
export function eventsOf({ options }: Pick<DataSource, 'options'>): Events {
  const url = 'url' in options ? String(options.url) : '';
  const channels = new Map<string, Channel>();
  return {
    on: async (kind, listener) => {
      const name = CHANNELS[kind];
      const channel = channels.get(name) ?? openChannel(url, name);
      channels.set(name, channel);
      const own = { ...listener, kind };
      channel.listeners.add(own);
      const stop = (): void => {
        channel.listeners.delete(own);
        if (channel.listeners.size > 0 || channels.get(name) !== channel) return;
        channels.delete(name);
        void channel.close.then(close => close());
      };
      try {
        await channel.close;
        return stop;
      } catch (error) {
        channels.delete(name);
        throw error;
      }
    },
  };
}
