import type { Namespace } from './namespace.ts'

/** How a pod's program ended, and what it printed. */
export interface PodEnd {
  readonly exitCode: number
  readonly log: string
}

/** What a pod shall run, as Kubernetes has it. */
export interface Program {
  readonly image: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly object[]
  readonly ports?: readonly object[]
  readonly volumeMounts?: readonly object[]
}

interface PodExtras {
  readonly labels?: Readonly<Record<string, string>>
  readonly volumes?: readonly object[]
}

/** Starts a pod of one container, in no release, and no freer than the Pod Security Standard `restricted`. */
export async function startPod(
  namespace: Namespace,
  name: string,
  program: Program,
  { labels = {}, volumes = [] }: PodExtras = {},
): Promise<void> {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
  const spec = {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ name: 'program', ...program, securityContext }],
    volumes,
  }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec }
  await namespace.cluster.kubectl(['-n', namespace.name, 'create', '-f', '-'], JSON.stringify(pod))
}

/** Runs such a pod to its end. */
export async function runPod(
  namespace: Namespace,
  name: string,
  program: Program,
  extras?: PodExtras,
): Promise<PodEnd> {
  await startPod(namespace, name, program, extras)
  const { exitCode = -1 } = await namespace.pods.until(`pod ${name} to end`, 120, () =>
    namespace.pods.all().find((known) => known.name === name && known.exitCode !== undefined),
  )
  const log = `/api/v1/namespaces/${namespace.name}/pods/${name}/log?container=program`
  return { exitCode, log: await namespace.cluster.get(log) }
}
