/** A way from every board to another one, which keeps the time and the choices that mean the same there. */
export interface BoardLink {
  readonly uid: string
  readonly title: string
  readonly tooltip: string
  /** Whose label `service` the board's choice of that name is. */
  readonly service: 'server' | 'client'
}

const boards: readonly BoardLink[] = [
  {
    uid: 'evenly-distribution',
    title: 'Distribution',
    tooltip: 'Do all pods of a service get their share?',
    service: 'server',
  },
  {
    uid: 'evenly-clients',
    title: 'Clients',
    tooltip: 'What does each client know, and whom does it call?',
    service: 'client',
  },
  { uid: 'evenly-mesh', title: 'Mesh', tooltip: 'What do the proxies between them do?', service: 'server' },
]

/** A link as both schemas have it. */
export interface DrawnLink {
  readonly title: string
  readonly tooltip: string
  /** Grafana finds a board by its uid alone, and fills in the choices. */
  readonly url: string
}

/** Links of one board to the others. */
export function linksFrom(uid: string): readonly DrawnLink[] {
  const from = boards.find((board) => board.uid === uid)
  return boards
    .filter((board) => board !== from)
    .map(({ uid, title, tooltip, service }) => {
      const kept = ['datasource', 'namespace', ...(service === from?.service ? ['service'] : [])]
      return { title, tooltip, url: `/d/${uid}?${kept.map((name) => `\${${name}:queryparam}`).join('&')}` }
    })
}
