import { describe, expect, it } from 'vitest'
import { k8sTargetRights } from '../../scripts/lib/manifest-rules/rules/k8s-target-rights.ts'
import { client, found, mended, servers, service } from '../support/shop.ts'

const of = (...objects: object[]) => found(k8sTargetRights, objects)
const target = 'k8s:///orders.shop:grpc'
const watching = (pod: object = {}, metadata: object = {}) => client(['-h', target], { pod, metadata })
const rbac = (kind: string, name: string, fields: object, namespace = 'shop') => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name, ...(!kind.startsWith('Cluster') && { namespace }) },
  ...fields,
})
const slices = { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] }
const role = (rule: object = {}) => rbac('Role', 'watcher', { rules: [{ ...slices, ...rule }] })
const account = { kind: 'ServiceAccount', name: 'default', namespace: 'shop' }
const binding = (subject: object = {}, ref: object = {}) =>
  rbac('RoleBinding', 'watcher', {
    roleRef: { kind: 'Role', name: 'watcher', ...ref },
    subjects: [{ ...account, ...subject }],
  })
const noRight = ['error Job shop/client spec.template.spec.containers[0].args[1]']
const noToken = ['error Job shop/client spec.template.spec.automountServiceAccountToken']

describe('the right to list and watch EndpointSlices', () => {
  it('is missing where nothing gives it, and added in the namespace of the Service', () => {
    expect(of(service(), servers(), watching())).toEqual(noRight)
    const elsewhere = watching({ serviceAccountName: 'web' }, { namespace: 'web' })
    const [, , , given, bound] = mended(k8sTargetRights, [service(), servers(), elsewhere])
    expect(given).toMatchObject({ kind: 'Role', metadata: { namespace: 'shop' }, rules: [slices] })
    expect(bound).toMatchObject({
      kind: 'RoleBinding',
      metadata: { namespace: 'shop' },
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'web' }],
    })
    expect(of(elsewhere, given, bound)).toEqual([])
  })

  it.each([
    ['a Role', [role(), binding()]],
    ['a Role of everything', [role({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }), binding()]],
    ['a role that is not here', [binding({}, { kind: 'ClusterRole', name: 'view' })]],
    ['a group', [role(), binding({ kind: 'Group', name: 'system:serviceaccounts:shop' })]],
    [
      'a ClusterRole for all namespaces',
      [
        rbac('ClusterRole', 'watcher', { rules: [slices] }),
        rbac('ClusterRoleBinding', 'watcher', {
          roleRef: { kind: 'ClusterRole', name: 'watcher' },
          subjects: [account],
        }),
      ],
    ],
  ])('may come of %s', (_, given) => {
    expect(of(watching(), ...given)).toEqual([])
  })

  it.each([
    ['is for another account', [role(), binding({ name: 'web' })]],
    ['is for one of another namespace', [role(), binding({ namespace: 'web' })]],
    ['is for another group', [role(), binding({ kind: 'Group', name: 'system:serviceaccounts:web' })]],
    ['does not let it watch', [role({ verbs: ['list', 'get'] }), binding()]],
    ['does not let it list', [role({ verbs: ['watch'] }), binding()]],
    ['is about Endpoints', [role({ apiGroups: [''], resources: ['endpoints'] }), binding()]],
    ['is about another group of the API', [role({ apiGroups: ['apps'] }), binding()]],
    ['says nothing', [rbac('Role', 'watcher', {}), binding()]],
    ['holds in another namespace', [role(), { ...binding(), metadata: { name: 'watcher', namespace: 'web' } }]],
  ])('is still missing where one %s', (_, given) => {
    expect(of(watching(), ...given)).toEqual(noRight)
  })

  it('is asked in the namespace of the client where the target names none', () => {
    const near = client(['-h', 'k8s:///orders:grpc'], { metadata: { namespace: 'shop' } })
    expect(of(near, role(), binding())).toEqual([])
  })
})

describe('the token', () => {
  const bare = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'shop' },
    automountServiceAccountToken: false,
  }
  const granted = [role(), binding()]

  it('is missing where the pods or their account say so, and the pods have the last word', () => {
    expect(of(watching({ automountServiceAccountToken: false }), ...granted)).toEqual(noToken)
    expect(of(watching(), bare, ...granted)).toEqual(noToken)
    expect(of(watching({ automountServiceAccountToken: true }), bare, ...granted)).toEqual([])
    expect(of(watching({ serviceAccount: 'web' }), bare, role(), binding({ name: 'web' }))).toEqual([])
  })

  it('is given back by the patch', () => {
    const [job] = mended(k8sTargetRights, [watching({ automountServiceAccountToken: false }), ...granted])
    expect(of(job, ...granted)).toEqual([])
  })

  it('may be mounted by hand', () => {
    const volumes = [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }]
    expect(of(watching({ automountServiceAccountToken: false, volumes }), ...granted)).toEqual([])
  })
})

it('is sure of our own program alone', () => {
  const foreign = client(['--target', 'kubernetes:///orders.shop:8080'], { container: { image: 'acme/web:1' } })
  expect(of(foreign)).toEqual(['advice Job shop/client spec.template.spec.containers[0].args[1]'])
})

it('says nothing of a client that asks another API server, or none', () => {
  expect(of(client(['-h', target, '--kubernetes-api', 'http://127.0.0.1:8001']))).toEqual([])
  expect(of(client(['-h', target, '--kubernetes-api=http://127.0.0.1:8001']))).toEqual([])
  expect(of(client(['-h', 'xds:///orders.shop:8080']), client(['-h', 'dns:///orders.shop:8080']))).toEqual([])
})
