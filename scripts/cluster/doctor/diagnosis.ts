import type { Finding } from '../../lib/findings/finding.ts'
import type { Cluster } from '../cluster.ts'
import { type Api, ApiServer } from './api-server.ts'
import { findingsAbout, liveFindings } from './findings-about.ts'
import type { Live } from './live.ts'
import { observe } from './observe.ts'
import { type Denied, Reader } from './reader.ts'

/** What to look at, and how. */
export interface DiagnosisOptions {
  readonly service: string
  readonly namespace: string
  /** A port that speaks gRPC though nothing shows it. */
  readonly port?: number | undefined
  /** How long to count calls; 0: not at all. */
  readonly seconds: number
  /** Whether ports of pods may be forwarded, where nothing else gets to what they tell. */
  readonly mayForward: boolean
  readonly progress: (text: string) => void
}

/** What is the matter with a Service, and what that rests on. */
export interface Diagnosis {
  readonly live: Live
  /** Errors before advice. */
  readonly findings: readonly Finding[]
  /** What could not be seen, and why: a sentence each. */
  readonly unseen: readonly string[]
  readonly denied: readonly Denied[]
}

/**
 * Looks at a Service of a cluster, and changes nothing.
 *
 * @throws EvenlyError (69) when the cluster does not answer, or the Service or its pods cannot be read; 64 for a port that is not there
 */
export async function diagnose(cluster: Cluster, options: DiagnosisOptions): Promise<Diagnosis> {
  options.progress('asking the cluster')
  // Says in one sentence what keeps one from it.
  await cluster.get('/version')
  return ApiServer.open(cluster, (api) => diagnoseWith(cluster, api, options))
}

/** The same by way of an API server that is open. */
export async function diagnoseWith(cluster: Cluster, api: Api, options: DiagnosisOptions): Promise<Diagnosis> {
  const reader = await Reader.on(api)
  const { live, unseen, modelOf } = await observe(cluster, api, reader, options)
  const findings = [...liveFindings(live), ...findingsAbout(live.model, live.service, modelOf)]
  const isError = ({ severity }: Finding): boolean => severity === 'error'
  return {
    live,
    findings: [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))],
    unseen,
    denied: reader.denied,
  }
}
