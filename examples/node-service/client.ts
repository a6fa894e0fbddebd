import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { credentials } from '@grpc/grpc-js'
import { leastRequest, registerEndpointSliceResolver, serviceConfig } from 'evenly-grpc/balancing'
import { Greeter, type GreeterClient, type GreetReply } from './greeter.ts'

// KUBERNETES_URL: an API server other than that of the cluster this runs in.
const { TARGET = 'k8s:///greeter:grpc', KUBERNETES_URL } = process.env

// Three lines balance the calls: pods are known as they come and go, and the less busy of two is called.
registerEndpointSliceResolver(KUBERNETES_URL ? { url: KUBERNETES_URL } : {})
const balancing = serviceConfig({ policy: leastRequest(), retry: {}, timeoutSeconds: 5 })
const client = new Greeter(TARGET, credentials.createInsecure(), { 'grpc.service_config': balancing })

const greet: (request: { name: string }) => Promise<GreetReply> = promisify(
  (client as unknown as GreeterClient).greet,
).bind(client)

for (;;) {
  try {
    const { greeting, pod } = await greet({ name: 'world' })
    console.log(`${greeting} from ${pod}`)
  } catch (error) {
    console.error((error as Error).message)
  }
  await sleep(100)
}
