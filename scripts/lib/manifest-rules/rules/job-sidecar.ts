import type { Path } from '../../manifests/manifest.ts'
import { titleOf } from '../../manifests/manifest.ts'
import type { Container, Workload } from '../../manifests/workload.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** The program is done, its proxy never is. */
export const jobSidecar: ManifestRule = {
  id: 'job-sidecar',
  title: "A proxy keeps a Job's pod from ending",
  proof: { before: 'never-ends', after: 'ends' },
  why: `A pod ends when all of its containers have. A proxy among the \`containers\` of a Job's pod serves until it is told to stop, and nobody
tells it: the program has ended, the pod runs on, and the Job never completes; \`helm test\` and pipelines wait for it until they
give up. A native sidecar, which is an init container with \`restartPolicy: Always\`, is ended by the kubelet once the program has.
Istio injects those by itself; the annotation \`sidecar.istio.io/nativeSidecar: "false"\` asks for the old kind.`,
  cure: `Remove the annotation. A proxy of your own goes among the \`initContainers\`, with \`restartPolicy: Always\`. Where the cluster is too
old for that (Kubernetes before 1.29), the program has to tell the proxy: \`POST localhost:15020/quitquitquit\` for Istio's.`,
  sources: [
    'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/',
    'https://istio.io/latest/blog/2023/native-sidecars/',
    'https://github.com/istio/istio/issues/11045',
  ],
  *check(model) {
    for (const workload of model.workloads) {
      if (!workload.isJob || tellsIt(workload)) continue
      const own = workload.containers.filter(isOldSidecar)
      if (own.length > 0 && own.length < workload.containers.length) {
        yield* own.map((container) => ofContainer(workload, container))
      } else if (model.meshOf(workload) === 'istio' && workload.podAnnotations[native] === 'false') {
        yield ofAnnotation(workload)
      }
    }
  },
}

const native = 'sidecar.istio.io/nativeSidecar'

/** A program that ends the proxy, or kills it, knows what it does. */
const tellsIt = ({ containers, podSpec }: Workload): boolean =>
  podSpec.shareProcessNamespace === true ||
  containers.some(({ content }) =>
    /quitquitquit|linkerd-await|scuttle|\/(stop|shutdown)\b/.test(JSON.stringify(content)),
  )

/** A proxy that serves until it is told to stop, by its name or that of its image. */
const isOldSidecar = ({ name, content, path }: Container): boolean =>
  path.at(-2) === 'containers' &&
  (/^(istio-proxy|linkerd-proxy|envoy)$/.test(name) ||
    /(^|[/_-])(envoy|proxyv2|linkerd2?-proxy|cloud-sql-proxy)$/.test(String(content.image).replace(/[@:][^/]*$/, '')))

function ofAnnotation(workload: Workload): Violation {
  return {
    object: workload.manifest,
    path: [...workload.templatePath, 'metadata', 'annotations', native],
    reason: `${native}: "false" gives ${titleOf(workload.manifest)} a proxy that does not end with the program, so it never completes`,
    fix: 'remove the annotation, and the kubelet ends the proxy',
    patch: [podPatch(workload, { metadata: { annotations: { [native]: null } } })],
  }
}

function ofContainer(workload: Workload, { name, path, content }: Container): Violation {
  const spec = {
    containers: [{ name, $patch: 'delete' }],
    initContainers: [{ ...content, restartPolicy: 'Always' }],
  }
  return {
    object: workload.manifest,
    path: path satisfies Path,
    reason: `container ${name} of ${titleOf(workload.manifest)} is a proxy that serves until it is told to stop, which nobody does, so the Job never completes`,
    fix: 'make it an init container with restartPolicy: Always, which the kubelet ends after the others',
    patch: [podPatch(workload, { spec })],
  }
}
