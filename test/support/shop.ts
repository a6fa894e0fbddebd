import { stringify } from 'yaml'
import type { Finding } from '../../scripts/lib/findings/finding.ts'
import { checkManifests, type ManifestOptions } from '../../scripts/lib/manifest-rules/check-manifests.ts'
import type { ManifestRule } from '../../scripts/lib/manifest-rules/manifest-rule.ts'
import { applyPatches } from '../../scripts/lib/manifests/apply-patches.ts'
import { objectsIn } from '../chart/helm.ts'

/** Fields of an object, to lay over what it has without them; lists are replaced. */
// biome-ignore lint/suspicious/noExplicitAny: fields of any object of Kubernetes
type Fields = any

const echo = 'ghcr.io/evenly-grpc/evenly-echo:0.2.0'

/** Service `orders`, whose port 8080 is called grpc. */
export const service = (spec: Fields = {}, metadata: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'orders', namespace: 'shop', ...metadata },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'grpc', port: 8080 }], ...spec },
})

export const headless = (spec: Fields = {}, metadata: Fields = {}): Fields =>
  service({ clusterIP: 'None', ...spec }, metadata)

interface Parts {
  readonly container?: Fields
  readonly pod?: Fields
  readonly spec?: Fields
  readonly metadata?: Fields
  readonly labels?: Fields
  readonly annotations?: Fields
}

/** Deployment `orders` of three of our echo servers. */
export const servers = ({ container, pod, spec, metadata, labels, annotations }: Parts = {}): Fields => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'orders', namespace: 'shop', ...metadata },
  spec: {
    replicas: 3,
    template: {
      metadata: { labels: { app: 'orders', ...labels }, annotations },
      spec: {
        containers: [{ name: 'echo', image: echo, ports: [{ name: 'grpc', containerPort: 8080 }], ...container }],
        ...pod,
      },
    },
    ...spec,
  },
})

/** A Job `client` that runs our echo with these arguments. */
export const client = (args: readonly string[], { container, pod, spec, metadata, ...parts }: Parts = {}): Fields => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'client', namespace: 'shop', ...metadata },
  spec: {
    template: {
      metadata: { labels: { app: 'client', ...parts.labels }, annotations: parts.annotations },
      spec: { containers: [{ name: 'echo', image: echo, args, ...container }], ...pod },
    },
    ...spec,
  },
})

/** What one rule finds in objects. */
export function findingsOf(rule: ManifestRule, objects: readonly Fields[], options: ManifestOptions = {}): Finding[] {
  const text = objects.map((object) => stringify(object)).join('---\n')
  return checkManifests([{ file: 'shop.yaml', text }], { ...options, rules: [rule] })
}

/** The same in short: `error Service shop/orders spec.type`. */
export const found = (...of: Parameters<typeof findingsOf>): string[] =>
  findingsOf(...of).map(({ severity, object, path }) => `${severity} ${object} ${path}`)

/** The objects with the patches laid over them that a rule gives. */
export function mended(rule: ManifestRule, objects: readonly Fields[]): Fields[] {
  const patches = findingsOf(rule, objects).flatMap(({ patch }) => (patch ? objectsIn(patch) : []))
  return applyPatches(JSON.parse(JSON.stringify(objects)), patches)
}
