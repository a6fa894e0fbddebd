import type { Board } from './build/board.ts'
import { namespaceVariable, serviceVariable } from './build/variables.ts'
import { isItEven } from './distribution/is-it-even.ts'
import { whoServes } from './distribution/who-serves.ts'
import { why } from './distribution/why.ts'

const started = 'grpc_server_started_total'

/** Do all pods of a service get their share? */
export const distribution: Board = {
  uid: 'evenly-distribution',
  title: 'Evenly / Distribution',
  description: 'Do all pods of a gRPC service get their share of the calls, and if not, which do not?',
  variables: [namespaceVariable(started), serviceVariable(started, 'the servers')],
  sections: [isItEven, whoServes, why],
}
