import { titleOf } from '../../manifests/manifest.ts'
import { type Mention, mentionsIn, settingsOf } from '../../manifests/mentions.ts'
import type { Model } from '../../manifests/model.ts'
import { accountOf, hasToken, mayWatchSlices } from '../../manifests/service-account.ts'
import type { Container, Workload } from '../../manifests/workload.ts'
import { isEcho } from '../echo-options.ts'
import type { ManifestRule, Violation } from '../manifest-rule.ts'
import { podPatch } from '../patches.ts'

/** A client that watches EndpointSlices, and may not. */
export const k8sTargetRights: ManifestRule = {
  id: 'k8s-target-rights',
  title: 'A client of a k8s:/// target may not read EndpointSlices',
  proof: { before: 'fails', after: 'succeeds' },
  why: `A client that dials \`k8s:///SERVICE.NAMESPACE:PORT\` asks the Kubernetes API for the EndpointSlices of the Service, and goes on
watching them. It does so as the service account of its pod, with the token that Kubernetes puts there. By default an account
may read nothing, and pods of careful charts get no token (\`automountServiceAccountToken: false\`). Without either the client
learns no address, and all its calls fail.`,
  cure: `Give the account a Role in the namespace of the Service, to list and watch EndpointSlices (\`discovery.k8s.io\`) and nothing
else, with a RoleBinding; and the pod its token. Or let a control plane watch, and dial \`xds:///\`: then only that needs the right.`,
  sources: [
    'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  ],
  *check(model) {
    for (const workload of model.workloads) {
      const [told] = workload.containers.flatMap((container) => {
        const mention = watchedBy(model, workload, container)
        return mention === undefined ? [] : [{ container, mention }]
      })
      if (told === undefined) continue
      // Programs that are not ours may bring credentials of their own.
      const unsure = !isEcho(told.container)
      if (!hasToken(model, workload)) yield { ...withoutToken(workload, told.mention), unsure }
      const namespace = told.mention.host.split('.')[1] ?? workload.namespace
      if (!mayWatchSlices(model, workload, namespace)) {
        yield { ...withoutRight(workload, told.mention, namespace), unsure }
      }
    }
  },
}

/** The first target that a container's program is to watch; one that is told of another API server needs nothing here. */
function watchedBy(model: Model, workload: Workload, container: Container): Mention | undefined {
  const settings = settingsOf(container, workload, (name) => model.configMap(name, workload.namespace))
  if (settings.some(({ text }) => text.startsWith('--kubernetes-api'))) return undefined
  return settings.flatMap(mentionsIn).find(({ scheme }) => scheme === 'k8s' || scheme === 'kubernetes')
}

function withoutToken(workload: Workload, { target }: Mention): Violation {
  return {
    object: workload.manifest,
    path: [...workload.templatePath, 'spec', 'automountServiceAccountToken'],
    reason: `${titleOf(workload.manifest)} watches ${target} in the Kubernetes API, and its pods get no token to ask with, so it learns no address`,
    fix: 'set it to true in the pods',
    patch: [podPatch(workload, { spec: { automountServiceAccountToken: true } })],
  }
}

function withoutRight(workload: Workload, { object, path, target }: Mention, namespace: string): Violation {
  const account = accountOf(workload)
  const metadata = { name: `${workload.name}-endpoints`, namespace }
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name }
  const rule = { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] }
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: workload.namespace }]
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  return {
    object,
    path,
    reason: `${titleOf(workload.manifest)} watches ${target}, and nothing here lets service account ${account} list and watch EndpointSlices in namespace ${namespace}, so it learns no address`,
    fix: 'add a Role that does, and a RoleBinding',
    patch: [
      { apiVersion, kind: 'Role', metadata, rules: [rule] },
      { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects },
    ],
  }
}
