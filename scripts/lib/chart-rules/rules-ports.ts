import type { ChartValues, Port } from './chart-values.ts'
import { isExposed, mode, ports } from './facts.ts'
import { type RuleChecks, type Violation, when } from './rule-check.ts'

/** Ports. */
export const portRules = {
  'port-number': (values) =>
    [...ports(values, mode(values) === 'server' ? 'server' : 'client')].flatMap(([port, { containerPort }]) =>
      when(!containerPort, { port }),
    ),

  // A number is taken once in a pod, once on the Service and once on the nodes; of one port only the first clash is told.
  'port-twice': (values) => {
    const taken = new Map<string, string>()
    return ownFirst(ports(values, mode(values) === 'server' ? 'server' : 'client')).flatMap(([name, port]) => {
      const clashes: Violation[] = []
      for (const { key, number, where } of numbersOf(port, values)) {
        const other = taken.get(`${key} ${number}`)
        taken.set(`${key} ${number}`, `ports.${name}`)
        if (other !== undefined) clashes.push({ path: `ports.${name}.${key}`, number, other, where })
      }
      return clashes.slice(0, 1)
    })
  },

  'node-port': (values) => {
    const { enabled, type } = values.service
    if (mode(values) !== 'server' || !enabled || (type || 'ClusterIP') !== 'ClusterIP') return []
    return [...ports(values, 'server')].flatMap(([name, port]) =>
      when(port.nodePort && isExposed(port, 'service'), { port: name }),
    )
  },
} satisfies RuleChecks

/** The chart's own ports come first, so that the user's are told. */
const ownFirst = (all: ReadonlyMap<string, Port>): [string, Port][] =>
  [...all].toSorted(([one], [other]) => rank(one) - rank(other))

const rank = (name: string): number => (name === 'grpc' ? 0 : name === 'metrics' ? 1 : 2)

function numbersOf(port: Port, values: ChartValues) {
  const onService = mode(values) === 'server' && values.service.enabled && isExposed(port, 'service')
  return [
    { key: 'containerPort', number: port.containerPort, where: '' },
    { key: 'nodePort', number: onService && port.nodePort, where: ' on the nodes' },
    { key: 'servicePort', number: onService && (port.servicePort || port.containerPort), where: ' on the Service' },
  ].flatMap(({ number, ...use }) => (number ? [{ ...use, number }] : []))
}
