import type { Change } from './change-run.ts'
import { type Pod, serves } from './pod.ts'
import type { Setup } from './setup.ts'
import { workloadOf } from './workloads.ts'

/** Seconds in which proxies and clients that watch the cluster learn of a new pod, with much to spare. */
const usualSeconds = 5

/**
 * Seconds in which pods that join are to be found: until a static Envoy has looked the name up again, or connections have ended
 * at their age and the client has, and calls flowed. gRPC ends connections up to a tenth
 * later than their age, so that they do not all end at once.
 *
 * @param values as they are installed
 */
// biome-ignore lint/suspicious/noExplicitAny: values are what the chart's schema says
export function boundOf(values: any): number {
  const { enabled: envoy, dnsRefreshRate = '5s' } = values.client?.envoySidecar ?? {}
  if (envoy) return secondsIn(dnsRefreshRate) + usualSeconds
  const age = values.server?.maxConnectionAgeSeconds ?? 0
  if (age === 0) return usualSeconds
  const seconds = age * 1.1 + (values.client?.dnsMinIntervalSeconds || 5) + usualSeconds
  return Math.round(seconds * 10) / 10
}

/** Of a duration as the chart takes it: a whole number and its unit. */
const secondsIn = (duration: string): number =>
  Number.parseInt(duration, 10) * ({ ms: 0.001, m: 60, h: 3600 }[duration.replace(/^\d+/, '')] ?? 1)

/** Seconds to wait for pods that are not found in time, before one says never. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const patienceOf = (values: any): number => Math.ceil(boundOf(values) + 15)

/** Scales the servers from one count to the next. */
export function scaling(counts: readonly number[]): Change[] {
  return counts.slice(1).map((to, index) => ({
    name: `scaling ${counts[index]} to ${to}`,
    make: (setup) => setup.scale(to),
  }))
}

/** Replaces every server by a new one, as an upgrade does. */
export const rollingOut: Change = { name: 'rollout', make: rollOut }

/** Kills one server's program without warning; Kubernetes starts it anew. */
export const killing: Change = { name: 'killing a pod', make: kill }

/** Values that let one kill a container's program from within: as the first process it would be out of reach. */
export const killableValue = 'podSpec.shareProcessNamespace=true'

async function rollOut(setup: Setup): Promise<void> {
  const old = new Set(setup.servers().map(({ name }) => name))
  const { release } = setup.scenario
  await setup.namespace.kubectl('rollout', 'restart', await workloadOf(setup.namespace, release))
  await setup.until('every server to be replaced', () => {
    const servers = setup.namespace.pods.serversOf(release)
    const fresh = servers.filter(({ name }) => !old.has(name))
    return fresh.length === servers.length && fresh.length > 0 && fresh.every(serves)
  })
  await setup.untilReady(release)
}

async function kill(setup: Setup): Promise<void> {
  const [victim] = setup.servers() as [Pod]
  await setup.namespace.kubectl('exec', victim.name, '--', 'node', '-e', killNode)
  await setup.until(`${victim.name} to notice`, () => find(setup, victim)?.ready === false)
  await setup.untilReady(setup.scenario.release)
}

/** Run in the pod: the first process whose program is node and which is not this one itself. */
const killNode = `
const { readdirSync, readlinkSync } = require('node:fs')
const isNode = (id) => { try { return readlinkSync('/proc/' + id + '/exe') === process.execPath } catch { return false } }
const ids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid)
process.kill(Number(ids.find(isNode)), 'SIGKILL')`

const find = (setup: Setup, { name }: Pod): Pod | undefined => setup.servers().find((pod) => pod.name === name)
