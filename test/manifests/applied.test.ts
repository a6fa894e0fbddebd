import { expect, it } from 'vitest'
import { applied } from '../../scripts/lib/manifests/applied.ts'
import { readManifests } from '../../scripts/lib/manifests/read-manifests.ts'

const object = (kind: string, apiVersion: string, metadata: string, mark: number): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nmark: ${mark}\n`
const marksLeft = (...texts: string[]): number[] =>
  applied(readManifests([{ file: 'a.yaml', text: texts.join('---\n') }])).map(({ content }) => content.mark)

it('has the later of two objects of one kind, group, namespace and name', () => {
  const one = object('Service', 'v1', '{name: a}', 1)
  expect(marksLeft(one, object('Service', 'v1', '{name: b}', 2), object('Service', 'v1', '{name: a}', 3))).toEqual([
    3, 2,
  ])
  expect(marksLeft(one, object('Service', 'v1', '{name: a, namespace: default}', 2))).toEqual([2])
})

it.each([
  ['kinds', object('Service', 'v1', '{name: a}', 1), object('ConfigMap', 'v1', '{name: a}', 2)],
  ['namespaces', object('Service', 'v1', '{name: a}', 1), object('Service', 'v1', '{name: a, namespace: b}', 2)],
  [
    'groups',
    object('Gateway', 'gateway.networking.k8s.io/v1', '{name: a}', 1),
    object('Gateway', 'networking.istio.io/v1', '{name: a}', 2),
  ],
  ['Pods without a name', object('Pod', 'v1', '{generateName: a}', 1), object('Pod', 'v1', '{generateName: a}', 2)],
])('keeps both of different %s', (_, one, other) => {
  expect(marksLeft(one, other)).toEqual([1, 2])
})

it('takes versions of a group for one', () => {
  const of = (version: string, mark: number) =>
    object('GRPCRoute', `gateway.networking.k8s.io/${version}`, '{name: a}', mark)
  expect(marksLeft(of('v1alpha2', 1), of('v1', 2))).toEqual([2])
})
