import { inRange, objectWith } from './policies/read-settings.ts'
import { secondsObject } from './seconds-text.ts'

/** When peers that fail are left out for a while (gRFC A50). At least one of the two reasons to leave out must be given. */
export interface OutlierDetectionOptions {
  /** How often peers are looked at. Default 10. */
  readonly intervalSeconds?: number
  /** How long a peer is left out the first time; the n-th time n times as long. Default 30. */
  readonly baseEjectionSeconds?: number
  /** How long it is left out at most. Default 300. */
  readonly maxEjectionSeconds?: number
  /** Percent of all peers that may be left out at one time; one always may. Default 10. */
  readonly maxEjectionPercent?: number
  /** Leaves out who fails more than `thresholdPercent` of its calls. */
  readonly failurePercentage?: EjectionOptions & {
    /** Default 85. */
    readonly thresholdPercent?: number
  }
  /** Leaves out whose rate of success is that many standard deviations below that of all. */
  readonly successRate?: EjectionOptions & {
    /** Default 1.9. */
    readonly standardDeviations?: number
  }
}

export interface EjectionOptions {
  /** Percent of the peers found so that are really left out. Default 100. */
  readonly enforcementPercent?: number
  /** Peers with enough calls that there must be; with fewer nobody is left out. Default 5, which 3 pods never reach. */
  readonly minimumHosts?: number
  /** Calls within an interval that a peer must have had to be looked at. Default 50 for `failurePercentage`, 100 for `successRate`. */
  readonly requestVolume?: number
}

/**
 * The settings of grpc-js's outlier_detection around another policy: snake_case, and durations as objects, else grpc-js would use
 * pick_first without a word. Throws an Error of one sentence for what cannot work.
 */
export function outlierDetection(options: OutlierDetectionOptions, childPolicy: object): object {
  const { failurePercentage, successRate } = options
  const durations = ['intervalSeconds', 'baseEjectionSeconds', 'maxEjectionSeconds'] as const
  objectWith(options, path, [...durations, 'maxEjectionPercent', 'failurePercentage', 'successRate'])
  if (failurePercentage === undefined && successRate === undefined) {
    throw new Error(`${path} would leave nobody out: give failurePercentage: {} or successRate: {}`)
  }
  const [interval, baseEjection, maxEjection] = durations.map((name) => {
    return options[name] === undefined ? undefined : secondsObject(options[name], `${path}.${name}`)
  })
  return {
    interval,
    base_ejection_time: baseEjection,
    max_ejection_time: maxEjection,
    max_ejection_percent: percent(options.maxEjectionPercent, 'maxEjectionPercent'),
    failure_percentage_ejection: failurePercentage && {
      threshold: percent(failurePercentage.thresholdPercent, 'failurePercentage.thresholdPercent'),
      ...ejection(failurePercentage, 'failurePercentage', 'thresholdPercent'),
    },
    success_rate_ejection: successRate && {
      stdev_factor: thousandths(successRate.standardDeviations),
      ...ejection(successRate, 'successRate', 'standardDeviations'),
    },
    child_policy: [childPolicy],
  }
}

const path = 'outlierDetection'

function ejection(options: EjectionOptions, name: string, own: string): object {
  const { enforcementPercent, minimumHosts, requestVolume } = options
  objectWith(options, `${path}.${name}`, [own, 'enforcementPercent', 'minimumHosts', 'requestVolume'])
  return {
    enforcement_percentage: percent(enforcementPercent, `${name}.enforcementPercent`),
    minimum_hosts: count(minimumHosts, `${name}.minimumHosts`),
    request_volume: count(requestVolume, `${name}.requestVolume`),
  }
}

function percent(value: number | undefined, name: string): number | undefined {
  return value === undefined ? undefined : inRange(value, `${path}.${name}`, { minimum: 0, maximum: 100 })
}

function count(value: number | undefined, name: string): number | undefined {
  const range = { minimum: 1, maximum: 1_000_000, whole: true }
  return value === undefined ? undefined : inRange(value, `${path}.${name}`, range)
}

function thousandths(deviations: number | undefined): number | undefined {
  const range = { minimum: 0.001, maximum: 100 }
  if (deviations === undefined) return undefined
  return Math.round(inRange(deviations, `${path}.successRate.standardDeviations`, range) * 1000)
}
