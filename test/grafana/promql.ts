import { parser } from '@prometheus-io/lezer-promql'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** PromQL with Grafana's expressions filled in, as Grafana sends it for these choices. */
export function filledIn(expr: string, choices: Readonly<Record<string, string>> = {}): string {
  return expr
    .replaceAll('$__rate_interval', choices.__rate_interval ?? '5m')
    .replaceAll('$__range', choices.__range ?? '30m')
    .replaceAll(/\$\{?(\w+)\}?/g, (whole, name) => (/^\d+$/.test(name) ? whole : (choices[name] ?? 'x')))
}

/** What is wrong with PromQL: the places that do not parse. */
export function syntaxErrors(expr: string): string[] {
  const errors: string[] = []
  parser.parse(expr).iterate({
    enter({ type, from, to }) {
      if (type.isError) errors.push(`${from}: ${expr.slice(Math.max(0, from - 10), to + 10)}`)
    },
  })
  return errors
}

/** A metric that PromQL selects. */
export interface Selected {
  readonly metric: string
  /** The range behind it, such as 5m; undefined for its latest value. */
  readonly range: string | undefined
  /** The function that takes the range. */
  readonly calledBy: string | undefined
  /** What is between its braces. */
  readonly matchers: string
}

/** The metrics that PromQL selects, in the order they stand. */
export function selectedMetrics(expr: string): Selected[] {
  const found: Selected[] = []
  const textOf = (node: SyntaxNode | null | undefined) => (node ? expr.slice(node.from, node.to) : undefined)
  parser.parse(expr).iterate({
    enter({ name, node }) {
      if (name !== 'VectorSelector') return
      const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined
      found.push({
        metric: textOf(node.getChild('Identifier')) ?? '',
        range: textOf(matrix?.getChild('DurationExpr')),
        calledBy: textOf(matrix?.parent?.parent?.getChild('FunctionIdentifier')),
        matchers: textOf(node.getChild('LabelMatchers')) ?? '',
      })
    },
  })
  return found
}
