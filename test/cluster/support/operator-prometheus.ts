import type { Cluster } from '../../../scripts/cluster/cluster.ts'
import { runTool } from '../../chart/helm.ts'

type Labels = Readonly<Record<string, string>>

/** A series that a query found. */
export interface Row {
  readonly labels: Labels
  readonly value: number
}

export interface Target {
  readonly scrapePool: string
  readonly health: 'up' | 'down' | 'unknown'
  readonly labels: Labels
}

export interface Alert {
  readonly state: 'pending' | 'firing'
  readonly labels: Labels
  readonly annotations: Labels
}

export interface RuleGroup {
  readonly name: string
  readonly file: string
  readonly rules: readonly Rule[]
}

export interface Rule {
  readonly name: string
  readonly health: 'ok' | 'err' | 'unknown'
  readonly lastError?: string
}

const monitors = ['Monitor', 'MonitorNamespace'].flatMap((what) => [`service${what}Selector`, `pod${what}Selector`])
const selectors = [...monitors, 'ruleSelector', 'ruleNamespaceSelector']
const { namespace, missing } = await find()

/** Why no Prometheus here heeds the objects of the Prometheus Operator; empty when one does. */
export const noOperatorPrometheus = missing

/** The Prometheus of the Operator that takes every monitor and rule, by its HTTP API, reached through the API server. */
export class OperatorPrometheus {
  private readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /** What an instant query finds, now or at a moment in seconds since 1970. */
  async query(promql: string, atSeconds?: number): Promise<Row[]> {
    const asked = new URLSearchParams({ query: promql, ...(atSeconds !== undefined && { time: `${atSeconds}` }) })
    const { result }: { result: { metric: Labels; value: [number, string] }[] } = await this.get(`query?${asked}`)
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }

  /** What is scraped in a namespace. */
  async targets(of: string): Promise<Target[]> {
    const { activeTargets }: { activeTargets: Target[] } = await this.get('targets?state=active')
    return activeTargets.filter(({ labels }) => labels.namespace === of)
  }

  /** The groups of a PrometheusRule. The Operator calls the file of one NAMESPACE-NAME-UID.yaml. */
  async groupsOf(of: string, rule: string): Promise<RuleGroup[]> {
    const { groups }: { groups: RuleGroup[] } = await this.get('rules')
    const ofRule = new RegExp(`/${of}-${rule}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.]yaml$`)
    return groups.filter(({ file }) => ofRule.test(file))
  }

  /** What is pending or fires with these labels, among others. */
  async alerts(labels: Labels): Promise<Alert[]> {
    const { alerts }: { alerts: Alert[] } = await this.get('alerts')
    const wanted = Object.entries(labels)
    return alerts.filter((alert) => wanted.every(([key, value]) => alert.labels[key] === value))
  }

  private async get<T>(path: string): Promise<T> {
    const service = `/api/v1/namespaces/${namespace}/services/prometheus-operated:9090`
    return JSON.parse(await this.cluster.get(`${service}/proxy/api/v1/${path}`)).data
  }
}

async function find(): Promise<{ namespace: string; missing: string }> {
  const { code, stdout } = await runTool('kubectl', ['get', 'prometheuses.monitoring.coreos.com', '-A', '-o', 'json'])
  if (code !== 0) return { namespace: '', missing: 'the cluster has no Prometheus Operator' }
  const { items }: { items: PrometheusObject[] } = JSON.parse(stdout)
  const takesAll = ({ spec }: PrometheusObject) => selectors.every((name) => JSON.stringify(spec[name]) === '{}')
  const found = items.find(takesAll)?.metadata.namespace
  if (found !== undefined) return { namespace: found, missing: '' }
  return { namespace: '', missing: 'no Prometheus of the Operator takes monitors and rules of every kind' }
}

interface PrometheusObject {
  readonly metadata: { readonly namespace: string }
  readonly spec: Readonly<Record<string, unknown>>
}
