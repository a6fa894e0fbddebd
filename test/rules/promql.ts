import { parser } from '@prometheus-io/lezer-promql'

/**
 * The names of the metrics that an expression selects.
 *
 * @throws Error where it is no PromQL
 */
export function metricsIn(expr: string): string[] {
  const found: string[] = []
  parser.parse(expr).iterate({
    enter({ name, type, from, to, node }) {
      if (type.isError) throw new Error(`no PromQL at ${expr.slice(from, from + 20)}: ${expr}`)
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') found.push(expr.slice(from, to))
    },
  })
  return found
}
