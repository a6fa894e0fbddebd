import type { Board } from './build/board.ts'
import { clients } from './clients.ts'
import { distribution } from './distribution.ts'
import { mesh } from './mesh.ts'

/** All dashboards, in the order that they link to each other. */
export const boards: readonly Board[] = [distribution, clients, mesh]
