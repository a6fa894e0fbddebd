import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus'
import { classicDashboard } from '../build/classic.ts'
import { distribution } from '../distribution.ts'

/** What Prometheus answered to a panel's query: values of each series at `times`; null where it has none. */
export interface RecordedSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly values: readonly (number | null)[]
}

/** Answers to the Distribution dashboard's queries over a run that is first pinned and then even. */
export interface Recording {
  /** When it was taken, as an ISO date. */
  readonly taken: string
  /** Seconds since 1970. */
  readonly times: readonly number[]
  /** Index in `times` of the last moment before the client was changed. */
  readonly changedAt: number
  /** By the panel's title. */
  readonly panels: Readonly<Record<string, readonly RecordedSeries[]>>
}

/** The panels that the picture shows. */
export const shownPanels = {
  calls: 'Calls per second by pod',
  jain: "Jain's index over time",
  share: 'Share of the calls per pod',
  matrix: 'Client × server, calls per second',
  stats: ['Effective endpoints', 'Coefficient of variation', 'Busiest pod over the mean', 'Idle pods'],
} as const

/** The query of a panel of the Distribution dashboard, as it is shipped. */
export function queryOf(title: string): string {
  const { panels = [] }: Dashboard = classicDashboard(distribution)
  const [target] = panels.flatMap((panel) => ('targets' in panel && panel.title === title ? (panel.targets ?? []) : []))
  if (!target) throw new Error(`the Distribution dashboard has no panel ${title}`)
  return (target as Dataquery).expr
}
