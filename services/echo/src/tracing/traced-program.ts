import { hostname } from 'node:os'
import type { EchoConfig } from '../config.ts'

/** Who makes spans. */
export interface TracedProgram {
  /** service.name, unless OTEL_SERVICE_NAME says another. */
  readonly name: string
  readonly version: string
  /** Which of several: the pod, or the client's id. */
  readonly instance: string
  /** Empty outside Kubernetes, as the next two are. */
  readonly pod: string
  readonly node: string
  readonly zone: string
}

/** Who this process is to those who look at its traces. */
export function tracedProgram(config: EchoConfig, version: string, env: NodeJS.ProcessEnv): TracedProgram {
  const pod = env.POD_NAME ?? ''
  const place = { pod, node: env.NODE_NAME ?? '', zone: env.POD_ZONE ?? '' }
  if (config.mode === 'server') return { name: 'evenly-echo', version, instance: pod || hostname(), ...place }
  if (config.mode === 'lookaside') return { name: 'evenly-lookaside', version, instance: pod || hostname(), ...place }
  return { name: 'evenly-echo-client', version, instance: config.clientId ?? hostname(), ...place }
}
