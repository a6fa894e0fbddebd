import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from '../scripts/cluster/cluster.ts'
import { Namespace } from '../scripts/cluster/namespace.ts'
import {
  foreignClientImage,
  loadForeignClient,
  noForeignClientImage,
} from '../test/cluster/support/foreign-client-image.ts'
import { spread } from './arms.ts'
import { followArms, podArms } from './propagation-arms.ts'
import {
  clientManifests,
  lookasideManifests,
  type Manifest,
  pods,
  serverManifests,
  sliceOf,
} from './propagation-manifests.ts'
import { SliceWriter } from './propagation-slice.ts'

/** Times that the toggled pod is listed anew. */
const changes = Number(process.argv[3] ?? 24)
const limitSeconds = 20

/**
 * EDS propagation on the current cluster: from the write of an EndpointSlice to the first call that the pod in it answers. Every
 * change is one for all clients at once: one on our control plane, one on istiod's xDS, and one behind a sidecar of Istio.
 * EVENLY_IMAGE is the image of the control plane.
 */
export async function benchPropagation(): Promise<void> {
  const image = process.env.EVENLY_IMAGE
  if (!image) throw new Error('EVENLY_IMAGE is not set: make it the image, REPOSITORY:TAG, that the nodes have.')
  if (noForeignClientImage) throw new Error(noForeignClientImage)
  await loadForeignClient()
  const namespace = new Namespace(new Cluster(), 'foreign-proof-propagation')
  try {
    await namespace.create({})
    await measure(namespace, image)
  } finally {
    await namespace.delete()
  }
}

async function measure(namespace: Namespace, image: string): Promise<void> {
  await apply(namespace, [...serverManifests(image), ...lookasideManifests(namespace.name, image)])
  await ready(namespace, [...Object.values(pods), 'lookaside'])
  const ipOf = (name: string) => ({ pod: name, ip: namespace.pods.all().find((pod) => pod.name === name)?.ip ?? '' })
  const [steady, toggled] = [ipOf(pods.steady), ipOf(pods.toggled)]
  await apply(namespace, [sliceOf(namespace.name, [steady])])
  await apply(namespace, clientManifests(namespace.name, foreignClientImage))
  await ready(namespace, podArms)
  const writer = await SliceWriter.open(namespace)
  const arms = await followArms(namespace, steady.ip)
  const names = [...arms.keys()]
  const arrivals = [...arms.values()]
  try {
    await Promise.all(arrivals.map((each) => each.begun(pods.steady, 2 * limitSeconds)))
    const found: Found[] = []
    for (let change = 1; change <= changes; change++) {
      // Longer than anyone needs to leave the pod, and never in step with anybody's timer.
      await sleep(1500 + Math.random() * 500)
      const awaited = arrivals.map((each) => each.next(pods.toggled, limitSeconds))
      const written = await writer.write(sliceOf(namespace.name, [steady, toggled]))
      found.push(
        (await Promise.all(awaited)).map(({ answered, heard }) => ({
          call: answered - written,
          heard: heard - written,
        })),
      )
      console.log(
        `change ${change}: ${names.map((arm, index) => `${arm} ${found.at(-1)?.[index]?.call.toFixed(1)} ms`).join(', ')}`,
      )
      await sleep(200 + Math.random() * 100)
      await writer.write(sliceOf(namespace.name, [steady]))
    }
    report(names, found)
  } finally {
    for (const each of arrivals) each.close()
    writer.close()
  }
}

/** Of one change, by arm: milliseconds to the first call, by the client's clock, and until it was heard of here. */
type Found = readonly { readonly call: number; readonly heard: number }[]

function report(names: readonly string[], found: readonly Found[]): void {
  for (const clock of ['call', 'heard'] as const) {
    console.log(clock === 'call' ? '\nfirst call, by the clock of its client:' : '\nthe same, heard of here:')
    const of = (name: string) => found.map((each) => each[names.indexOf(name)]?.[clock] ?? Number.NaN)
    for (const name of names) {
      const times = of(name)
      // Each language against itself.
      const reference = name.endsWith(' grpc-js') ? 'istiod-xds grpc-js' : 'istiod-xds'
      const base = of(reference)
      const paired = times.map((time, change) => time / (base[change] ?? Number.NaN))
      const ratio = (median(times) / median(base)).toFixed(2)
      console.log(
        `${name}: median ${spread(times, 1)} ms; ${ratio} of ${reference}'s; change by change ${spread(paired, 2)}`,
      )
    }
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] as number
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2
}

async function apply(namespace: Namespace, manifests: readonly Manifest[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: manifests }
  await namespace.cluster.kubectl(['-n', namespace.name, 'apply', '-f', '-'], JSON.stringify(list))
}

const ready = (namespace: Namespace, names: readonly string[]) =>
  namespace.pods.until(`pods ${names.join(', ')} to be ready`, 120, () =>
    names.every((name) => namespace.pods.all().some((pod) => pod.name === name && pod.ready)),
  )
