import type { Service, ServicePort } from './service.ts'
import { portNumber } from './workload.ts'

/** The number at which the pods behind a Service listen for one of its ports; undefined where they do not agree on it. */
export function podPort(
  { workloads }: Pick<Service, 'workloads'>,
  port: Pick<ServicePort, 'targetPort'>,
): number | undefined {
  const [number, other] = new Set(workloads.map((workload) => portNumber(workload, port.targetPort)))
  return other === undefined ? number : undefined
}

/** Whether any container behind a Service says that it listens at a port of this number. */
export const isDeclared = ({ workloads }: Pick<Service, 'workloads'>, number: number): boolean =>
  workloads.some(({ containers }) => containers.some(({ ports }) => ports.some((port) => port.number === number)))
