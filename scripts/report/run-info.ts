import { duration } from './duration.ts'

/** When and with what the rows of a report were measured. */
export interface RunInfo {
  /** ISO 8601, with a time zone. */
  readonly startedAt: string
  readonly tookSeconds: number
  /** What was there to its version: evenly, kubernetes, istio, ... */
  readonly versions: Readonly<Record<string, string>>
}

/** The time of the run in one sentence; rows that were saved alone do not tell it. */
export function whenText(info: RunInfo | undefined): string {
  if (info === undefined) return 'The results were saved without the time and the versions they were measured with.'
  return `Measured on ${utc(info.startedAt)} in ${duration(info.tookSeconds)}.`
}

/** What was measured with, such as `evenly 0.2.0, kubernetes 1.34.1`; empty where nobody knows. */
export const versionsText = (info: RunInfo | undefined): string =>
  Object.entries(info?.versions ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')

const utc = (startedAt: string): string => `${new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
