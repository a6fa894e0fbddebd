/** A series of envoy_cluster_endpoint_*, in Prometheus' text format. */
export interface Series {
  /** What comes after envoy_cluster_endpoint_, such as rq_total. */
  readonly name: string
  readonly cluster: string
  /** Of the endpoint, without its port. */
  readonly ip: string
  readonly value: number
}

/** The series that tell of endpoints. */
export function endpointSeries(text: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^envoy_cluster_endpoint_(\w+)\{(.*)\} (\S+)$/.exec(line) ?? []
    if (name === undefined) return []
    const label = (key: string) => new RegExp(`(?:^|,)${key}="([^"]*)"`).exec(labels)?.[1] ?? ''
    const address = label('envoy_endpoint_address')
    const ip = address.slice(0, address.lastIndexOf(':'))
    return [{ name, cluster: label('envoy_cluster_name'), ip, value: Number(value) }]
  })
}
