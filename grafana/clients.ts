import type { Board } from './build/board.ts'
import { namespaceVariable, serviceVariable } from './build/variables.ts'
import { health } from './clients/health.ts'
import { knowledge } from './clients/knowledge.ts'
import { peers } from './clients/peers.ts'

const known = 'grpc_lb_client_info'

/** What does each client know, and whom does it call? */
export const clients: Board = {
  uid: 'evenly-clients',
  title: 'Evenly / Clients',
  description: 'Which pods does each gRPC client know, which does it call, and how do the calls end?',
  variables: [namespaceVariable(known), serviceVariable(known, 'the clients')],
  sections: [knowledge, peers, health],
}
