import type { Subchannel } from '../connection.ts'
import type { OpenConnection } from '../metrics/server-connections.ts'

/** The connections of a process as its live page shows them. */
export interface ShownConnections {
  readonly total: number
  /** Of a client's, those that calls can use; all of a server's. */
  readonly ready: number
  /** The first 200, so that an update stays small. */
  readonly listed: readonly ShownConnection[]
}

export interface ShownConnection {
  /** The other end: a client's server as `address:port`, a server's client as its address. */
  readonly peer: string
  /** READY, CONNECTING, … of a client's; a server's are open. */
  readonly state: string
  /** Since it was opened; absent where it is not. */
  readonly ageSeconds?: number
}

const mostListed = 200

/** What clients hold open to a server. */
export function shownSockets(open: readonly OpenConnection[]): ShownConnections {
  const listed = open.slice(0, mostListed).map(({ remoteAddress, ageSeconds }) => {
    return { peer: remoteAddress, state: 'open', ageSeconds }
  })
  return { total: open.length, ready: open.length, listed }
}

/** What a client's policy knows of. */
export function shownSubchannels(subchannels: readonly Subchannel[]): ShownConnections {
  const listed = subchannels.slice(0, mostListed).map(({ address, state, readySeconds }) => {
    return { peer: address, state, ...(readySeconds !== undefined && { ageSeconds: readySeconds }) }
  })
  return { total: subchannels.length, ready: subchannels.filter(({ state }) => state === 'READY').length, listed }
}
