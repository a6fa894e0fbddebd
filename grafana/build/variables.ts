/** A choice that Prometheus offers: the values of a label. */
export interface QueryVariable {
  readonly name: string
  readonly label: string
  readonly description: string
  /** A series that has the label, as PromQL. */
  readonly series: string
  readonly values: string
}

/** The choice of the data source; the linter wants this name and label. */
export const datasourceVariable = { name: 'datasource', label: 'Data source', type: 'prometheus' } as const

/** The namespace of the pods that are scraped, from a metric that they have. */
export const namespaceVariable = (metric: string): QueryVariable => ({
  name: 'namespace',
  label: 'Namespace',
  description: 'Where the pods run.',
  series: metric,
  values: 'namespace',
})

/** The `service` of a scrape: the Service's name, or the release's name where pods are scraped without one. */
export const serviceVariable = (metric: string, whose: string): QueryVariable => ({
  name: 'service',
  label: 'Service',
  description: `The label service of ${whose}: the Service that is scraped, or the release's name for a PodMonitor.`,
  series: `${metric}{namespace=~"$namespace"}`,
  values: 'service',
})

/** What Grafana sends to Prometheus for the choice. */
export const labelValues = ({ series, values }: QueryVariable): string => `label_values(${series}, ${values})`
