import type { Model } from '../manifests/model.ts'
import type { Service } from '../manifests/service.ts'
import { argsOf, isEchoServer, withOption } from './echo-options.ts'
import { containerPatch } from './patches.ts'

/** Has servers behind a Service end their connections after a while; ours alone, for others have that in their code. */
export const connectionAges = (model: Model, service: Service): object[] =>
  service.workloads
    .filter((workload) => !model.limitsConnectionAge(workload))
    .flatMap((workload) => {
      const servers = workload.containers.filter(isEchoServer)
      return servers.map((server) =>
        containerPatch(workload, server, {
          args: withOption(argsOf(server), 'max-connection-age-seconds', ageSeconds),
        }),
      )
    })

/** Short, to see it at work soon; in production a minute or more will do. */
const ageSeconds = 30
