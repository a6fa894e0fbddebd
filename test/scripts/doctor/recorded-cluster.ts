import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import type { Answer, Api } from '../../../scripts/cluster/doctor/api-server.ts'
import { type Diagnosis, diagnoseWith } from '../../../scripts/cluster/doctor/diagnosis.ts'
import { modelled } from '../../../scripts/cluster/doctor/kinds.ts'
import type { Content } from '../../../scripts/lib/manifests/manifest.ts'

/** Objects of a cluster as it was: `pinned`, `grown`, `broken` and `mesh` of a run of test/cluster/doctor.test.ts. */
export const recorded = (name: string): Content[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8')).items

/** What a recorded cluster answers. */
export interface Recorded {
  readonly objects: readonly Content[]
  /** Paths that are refused; what is asked for pages of pods too. */
  readonly forbidden?: RegExp
  /** Text of what pods serve or have logged, by what the path has in it; counted up for the second reading. */
  readonly pages?: Readonly<Record<string, readonly string[]>>
  /** What is answered to paths that have this in them. */
  readonly broken?: Readonly<Record<string, Answer>>
  /** Objects a page. Default: all. */
  readonly pageSize?: number
}

/** An API server that answers from a recording. */
export class RecordedApi implements Api {
  /** Every path that was asked for. */
  readonly asked: string[] = []
  private readonly recording: Recorded
  private readonly read = new Map<string, number>()

  constructor(recording: Recorded) {
    this.recording = recording
  }

  async get(path: string): Promise<Answer> {
    this.asked.push(path)
    const { forbidden, pages = {}, broken = {} } = this.recording
    if (forbidden?.test(path)) return { status: 403, text: JSON.stringify({ reason: 'Forbidden' }) }
    if (path === '/apis')
      return json({ groups: [...groups()].map((name) => ({ name, preferredVersion: versionOf(name) })) })
    const failing = Object.entries(broken).find(([part]) => path.includes(part))
    if (failing !== undefined) return failing[1]
    const page = Object.keys(pages).find((part) => path.includes(part))
    if (page !== undefined) return { status: 200, text: this.nextPage(page, pages[page] ?? []) }
    if (/\/(proxy|log)\b/.test(path)) return { status: 503, text: 'no' }
    return this.objects(new URL(path, 'http://api'))
  }

  private nextPage(name: string, texts: readonly string[]): string {
    const times = this.read.get(name) ?? 0
    this.read.set(name, times + 1)
    return texts[Math.min(times, texts.length - 1)] ?? ''
  }

  private objects({ pathname, searchParams }: URL): Answer {
    const [, group = '', namespace, resource = '', name] =
      /^\/(?:api|apis\/([^/]+))\/v[^/]+(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(pathname) ?? []
    const found = this.recording.objects.filter(
      ({ kind, apiVersion, metadata }) =>
        `${kind.toLowerCase()}s` === resource.replace(/ies$/, 'ys') &&
        (apiVersion.split('/').at(-2) ?? '') === group &&
        (namespace === undefined || metadata.namespace === namespace),
    )
    if (name !== undefined) {
      const one = found.find(({ metadata }) => metadata.name === name)
      return one === undefined ? { status: 404, text: '' } : json(one)
    }
    const from = Number(searchParams.get('continue') ?? 0)
    const to = from + (this.recording.pageSize ?? found.length)
    // Objects of a list do not say what they are.
    const items = found.slice(from, to).map(({ kind: _, apiVersion: __, ...each }) => each)
    const apiVersion = group === '' ? 'v1' : `${group}/${versionOf(group).version}`
    return json({ apiVersion, items, metadata: to < found.length ? { continue: String(to) } : {} })
  }
}

const json = (value: object): Answer => ({ status: 200, text: JSON.stringify(value) })

const groups = (): Set<string> => new Set(['discovery.k8s.io', ...modelled.map(({ group }) => group)])

const versionOf = (group: string) => ({ version: modelled.find((kind) => kind.group === group)?.version ?? 'v1' })

/** Diagnoses a recording, with pauses of no time and no port of a pod to forward. */
export async function diagnosed(
  recording: Recorded,
  service: string,
  options: { readonly port?: number; readonly seconds?: number; readonly namespace?: string } = {},
): Promise<{ readonly diagnosis: Diagnosis; readonly asked: readonly string[] }> {
  const api = new RecordedApi(recording)
  vi.useFakeTimers({ toFake: ['performance'] })
  const pause = async (milliseconds: number) => void vi.advanceTimersByTime(milliseconds)
  const cluster = { signal: new AbortController().signal, pause } as unknown as Cluster
  try {
    const diagnosis = await diagnoseWith(cluster, api, {
      ...{ service, namespace: 'shop', seconds: 5, mayForward: false, progress: () => {} },
      ...options,
    })
    return { diagnosis, asked: api.asked }
  } finally {
    vi.useRealTimers()
  }
}

/** A page of metrics before and after so many calls, for each of the pods of a workload, in order of name. */
export function counters(objects: readonly Content[], app: string, calls: readonly number[]): Record<string, string[]> {
  const pods = objects.filter(
    ({ kind, metadata }) =>
      kind === 'Pod' && metadata.name.startsWith(app) && !metadata.name.startsWith(`${app}-client`),
  )
  const names = pods.map(({ metadata }) => metadata.name as string).sort()
  const page = (count: number) => `grpc_server_handled_total{grpc_service="shop.Orders",grpc_code="OK"} ${count}\n`
  return Object.fromEntries(names.map((name, i) => [`/pods/${name}:9464/`, [page(1000), page(1000 + (calls[i] ?? 0))]]))
}
