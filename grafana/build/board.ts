import type { Placed } from './panel.ts'
import type { QueryVariable } from './variables.ts'

/** A dashboard before it is written in one of Grafana's schemas. */
export interface Board {
  /** Stable, at most 40 characters: links and alerts name it. Also the name of its file, without `evenly-`. */
  readonly uid: string
  readonly title: string
  /** Which question it answers, in a sentence. */
  readonly description: string
  /** Beside `datasource` and `namespace`, which every board has. */
  readonly variables: readonly QueryVariable[]
  readonly sections: readonly Section[]
}

/** Panels under one heading, in reading order. */
export interface Section {
  readonly title: string
  readonly panels: readonly Placed[]
}

/** What all boards have in common. */
export const shared = {
  tags: ['evenly', 'grpc', 'load-balancing'],
  from: 'now-30m',
  to: 'now',
  refresh: '10s',
  timezone: 'browser',
} as const

/** The file that holds a board, without a folder and an ending. */
export const fileOf = ({ uid }: Pick<Board, 'uid'>): string => uid.replace(/^evenly-/, '')
