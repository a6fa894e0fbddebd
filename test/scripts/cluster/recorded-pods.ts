import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Pod, podOf } from '../../../scripts/cluster/pod.ts'

/** An event of a watch of pods, as a real cluster told it, without fields that nothing reads. */
export interface PodEvent {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: a Pod of the Kubernetes API
  readonly object: any
}

const read = (file: string): string[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n')

/** Lines about pods in every state: ready, in trouble, leaving, done. */
export const podLines = read('pods.jsonl')

/** Lines of a minute in which a Deployment's pod is deleted and replaced, and another pod is ended by force. */
export const lifeLines = read('pod-lives.jsonl')

/** The pod of `podLines` whose name begins so. */
export function recorded(name: string): PodEvent {
  const events = podLines.map((line): PodEvent => JSON.parse(line))
  const found = events.find(({ object }) => object.metadata.name.startsWith(name))
  if (found === undefined) throw new Error(`no pod ${name} is recorded`)
  return found
}

export const recordedPod = (name: string): Pod => podOf(recorded(name).object, false)
