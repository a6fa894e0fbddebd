import type { RecordedSeries } from './recording.ts'

export const podOf = ({ labels }: RecordedSeries): string => labels.pod ?? ''

/** What is left of a pod's name without its Deployment's. */
export const endOf = (pod: string): string => `…${pod.slice(-5)}`
