import type { CustomResourceDefinition } from './custom-resource.ts'
import type { Schema } from './strict-schema.ts'

/**
 * The policies of Linkerd 2.20 that a chart may render. No Go module carries Linkerd's definitions, only its charts do,
 * so these are written from what it documents and does. They are stricter: Linkerd's leave names and numbers to its
 * policy controller, which refuses a wrong one when it admits an object; here the definition refuses it.
 */
export const linkerdPolicies = (): readonly CustomResourceDefinition[] => [
  policy('Server', 'servers', 'v1beta3', {
    ...object(['port'], {
      port: { 'x-kubernetes-int-or-string': true, minimum: 1, maximum: 65_535, maxLength: 15 },
      podSelector: selector,
      externalWorkloadSelector: selector,
      proxyProtocol: oneOf('unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS'),
      accessPolicy: oneOf(...accessPolicies),
    }),
    oneOf: [{ required: ['podSelector'] }, { required: ['externalWorkloadSelector'] }],
  }),
  policy(
    'HTTPLocalRateLimitPolicy',
    'httplocalratelimitpolicies',
    'v1alpha1',
    object(['targetRef'], {
      targetRef: reference(['Server']),
      total: object(['requestsPerSecond'], rate),
      identity: object(['requestsPerSecond'], rate),
      overrides: list(
        object(['requestsPerSecond', 'clientRefs'], {
          ...rate,
          clientRefs: list(reference(['ServiceAccount'], anyNamespace)),
        }),
      ),
    }),
  ),
  policy(
    'AuthorizationPolicy',
    'authorizationpolicies',
    'v1alpha1',
    object(['targetRef', 'requiredAuthenticationRefs'], {
      targetRef: reference(['Server', 'HTTPRoute', 'GRPCRoute', 'Namespace']),
      requiredAuthenticationRefs: list(
        reference(['MeshTLSAuthentication', 'NetworkAuthentication', 'ServiceAccount'], anyNamespace),
      ),
    }),
  ),
  policy('MeshTLSAuthentication', 'meshtlsauthentications', 'v1alpha1', {
    ...object([], {
      identities: list({ type: 'string', pattern: String.raw`^(\*|${label})(\.${label})*$` }),
      identityRefs: list({ ...reference(['ServiceAccount', 'Namespace'], anyNamespace), required: ['kind'] }),
    }),
    oneOf: [{ required: ['identities'] }, { required: ['identityRefs'] }],
  }),
  policy(
    'NetworkAuthentication',
    'networkauthentications',
    'v1alpha1',
    object(['networks'], {
      networks: { ...list(object(['cidr'], { cidr: text, except: list(text) })), minItems: 1 },
    }),
  ),
]

function policy(kind: string, plural: string, version: string, spec: Schema): CustomResourceDefinition {
  const group = 'policy.linkerd.io'
  const schema = { openAPIV3Schema: object(['spec'], { spec }) }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  }
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const accessPolicies = [
  ...['deny', 'audit', 'all-authenticated', 'all-unauthenticated'],
  ...['cluster-authenticated', 'cluster-unauthenticated'],
]
const text: Schema = { type: 'string' }
const name: Schema = { type: 'string', minLength: 1, maxLength: 253 }
const anyNamespace: Record<string, Schema> = {
  namespace: { type: 'string', minLength: 1, maxLength: 63, pattern: `^${label}$` },
}
const rate: Record<string, Schema> = { requestsPerSecond: { type: 'integer', minimum: 1, maximum: 2 ** 32 - 1 } }

const selector = object([], {
  matchLabels: { type: 'object', additionalProperties: text },
  matchExpressions: list(
    object(['key', 'operator'], {
      key: text,
      operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: list(text),
    }),
  ),
})

function reference(kinds: readonly string[], more: Record<string, Schema> = {}): Schema {
  const group = { type: 'string', maxLength: 253, pattern: String.raw`^$|^${label}(\.${label})*$` }
  return object(['kind', 'name'], { group, kind: oneOf(...kinds), name, ...more })
}

function object(required: readonly string[], properties: Record<string, Schema>): Schema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}

function list(items: Schema): Schema {
  return { type: 'array', items }
}

function oneOf(...words: readonly string[]): Schema {
  return { type: 'string', enum: words }
}
