import type { Section } from '../build/board.ts'
import { chosen } from '../build/promql.ts'
import { alert } from '../build/runbooks.ts'
import { stat } from '../build/stat.ts'
import { table } from '../build/table.ts'
import { highIsBad, plain, someIsBad } from '../build/thresholds.ts'
import { timeSeries } from '../build/time-series.ts'

const channel = 'namespace, pod, grpc_target'
const client = '{{pod}} {{grpc_target}}'

/** Peers that a channel began calls to. */
const usedPeers = `count by (${channel}) (sum by (${channel}, peer) (rate(grpc_lb_client_peer_started_total{${chosen}, peer!="none"}[$__rate_interval])) > 0)`

const endpoints = `max by (${channel}) (grpc_lb_client_endpoints{${chosen}})`
const ready = `max by (${channel}) (grpc_lb_client_ready_subchannels{${chosen}})`

/** What channels know of their target, and how much of that they use. */
export const knowledge: Section = {
  title: 'What does each client know?',
  panels: [
    stat({
      title: 'Channels',
      description: 'Channels of the chosen clients: one per client pod and target.',
      unit: 'none',
      width: 6,
      queries: [{ expr: `count(grpc_lb_client_info{${chosen}})`, legend: 'channels' }],
    }),
    stat({
      title: 'Pinned channels',
      description: `Channels that know several pods and call one of them alone. Anything but 0 is red: the policy is pick_first (gRPC's default), or all calls go over one stream. The alert is ${alert('GrpcLbClientPinned')}. A channel that knows one address, such as a ClusterIP or a proxy on loopback, is not counted: who gets its calls is decided elsewhere.`,
      unit: 'none',
      width: 6,
      steps: someIsBad,
      queries: [{ expr: `sum((${usedPeers} == bool 1) * (${endpoints} > bool 1)) or vector(0)`, legend: 'pinned' }],
    }),
    stat({
      title: 'Failed calls',
      description:
        "Share of the clients' calls that end with another code than OK. Yellow from 0.1 % on, red from 1 % on. Which pods fail stands below.",
      unit: 'percentunit',
      decimals: 2,
      width: 6,
      noValue: 'no calls',
      steps: highIsBad(0.001, 0.01),
      queries: [
        {
          expr: `(sum(rate(grpc_client_handled_total{${chosen}, grpc_code!="OK"}[$__rate_interval])) or vector(0)) / (sum(rate(grpc_client_handled_total{${chosen}}[$__rate_interval])) > 0)`,
          legend: 'failed',
        },
      ],
    }),
    stat({
      title: 'Peers left out',
      description: `Calls in the time shown that were counted under one name for all others, because a client had seen more peers than it keeps series for. Anything but 0 is red: shares per peer are then too low. The alert is ${alert('GrpcLbPeersTruncated')}.`,
      unit: 'none',
      width: 6,
      steps: someIsBad,
      queries: [{ expr: `sum(increase(grpc_lb_peers_truncated_total{${chosen}}[$__range]))`, legend: 'left out' }],
    }),
    table({
      title: 'Channels, those with the fewest peers first',
      description:
        'What each channel was told and what it makes of it. Policy pick_first with several endpoints pins; round_robin with one endpoint was given a ClusterIP and needs a headless name (dns:///NAME-headless:PORT), unless a proxy balances. Fewer ready than endpoints: connections fail. Fewer peers than ready: it picks unevenly, or has hardly called.',
      unit: 'none',
      width: 24,
      height: 8,
      labels: { pod: 'Client', grpc_target: 'Target', policy: 'Policy', namespace: 'Namespace' },
      sortBy: 'Peers in use',
      columns: [
        { query: { expr: usedPeers }, name: 'Peers in use' },
        { query: { expr: ready }, name: 'Ready' },
        { query: { expr: endpoints }, name: 'Endpoints' },
        {
          query: { expr: `sum by (${channel}) (rate(grpc_lb_client_peer_started_total{${chosen}}[$__rate_interval]))` },
          name: 'Calls per second',
          unit: 'reqps',
          decimals: 2,
        },
        { query: { expr: `group by (${channel}, policy) (grpc_lb_client_info{${chosen}})` } },
      ],
    }),
    timeSeries({
      title: 'Peers in use by channel',
      description:
        'To how many pods each channel began calls. With round robin it is the number of pods; at 1 for long the channel is pinned. It rises within a minute of a scale-out where clients look for new pods.',
      unit: 'none',
      decimals: 0,
      width: 12,
      height: 8,
      steps: plain,
      queries: [{ expr: usedPeers, legend: client }],
    }),
    timeSeries({
      title: 'Ready subchannels and endpoints',
      description: `Addresses that the resolver gave, and those with a live connection. A gap is connections that fail; with pick_first one ready subchannel is all there ever is. Endpoints at 0: the name resolves to nothing (alert ${alert('GrpcLbNoEndpoints')}).`,
      unit: 'none',
      decimals: 0,
      width: 12,
      height: 8,
      queries: [
        { expr: ready, legend: `ready ${client}` },
        { expr: endpoints, legend: `endpoints ${client}` },
      ],
    }),
  ],
}
