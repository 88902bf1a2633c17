/** What components ask the node for, by hooks of TanStack Query: `useQuery(queries.contacts)`. */
import { queryOptions } from '@tanstack/react-query';
import { overTold } from './chosen-settings.ts';
import { api } from './connection.ts';
import { isStaying } from './leaving.ts';
import { keys } from './query-client.ts';

/** What has no event is asked again while somebody looks at it. */
const watchedMs = 2_000;

export const queries = {
  status: queryOptions({ queryKey: keys.status, queryFn: async () => await api.node.status.query() }),
  profile: queryOptions({ queryKey: keys.profile, queryFn: async () => await api.profile.get.query() }),
  settings: queryOptions({
    queryKey: keys.settings,
    queryFn: async () => overTold(await api.settings.get.query()),
  }),
  contacts: queryOptions({
    queryKey: keys.contacts,
    queryFn: async () => (await api.contacts.list.query()).filter(isStaying),
  }),
  conversations: queryOptions({
    queryKey: keys.conversations,
    queryFn: async () => await api.conversations.list.query(),
  }),
  /** How far a first contact has come; asked again until it has. */
  reach: (contact: string) =>
    queryOptions({
      queryKey: keys.reach(contact),
      queryFn: async () => await api.contacts.reach.query({ contact }),
      refetchInterval: ({ state }) => (state.data?.step === 'connected' ? false : 1_000),
    }),
  safetyNumber: (contact: string) =>
    queryOptions({
      queryKey: keys.safetyNumber(contact),
      queryFn: async () => await api.contacts.verify.mutate({ contact }),
    }),
  nearby: queryOptions({
    queryKey: keys.nearby,
    queryFn: async () => await api.network.nearby.query(),
    refetchInterval: watchedMs,
  }),
  peers: queryOptions({
    queryKey: keys.peers,
    queryFn: async () => await api.network.peers.query(),
    refetchInterval: watchedMs,
  }),
  doctor: queryOptions({
    queryKey: keys.doctor,
    queryFn: async () => await api.network.doctor.query(),
    refetchInterval: watchedMs * 2,
  }),
  browsers: queryOptions({
    queryKey: keys.browsers,
    queryFn: async () => await api.node.browsers.query(),
    staleTime: 0,
  }),
  storage: queryOptions({
    queryKey: keys.storage,
    queryFn: async () => await api.node.storage.query(),
    staleTime: 0,
  }),
};
