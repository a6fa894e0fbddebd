import { hostAndPort } from '../lib/address.ts'
import { EvenlyError, exitCode } from '../lib/exit.ts'
import { chooseAddresses, type LabAddresses } from './addresses.ts'
import { type ClusterIp, startClusterIp } from './cluster-ip.ts'
import { type DnsServer, startDnsServer } from './dns-server.ts'
import { type EchoProcess, startEcho } from './echo-process.ts'
import { LabKubernetes } from './lab-kubernetes.ts'

/** A server of the lab, as a scenario sees it. */
export interface LabPod {
  readonly name: string
  /** `address:port`. */
  readonly address: string
  /** Ends its process, by force or as Kubernetes does; who asks for that pod after this gets a new one. */
  end(how: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** Servers, addresses and names on loopback: what a cluster gives a scenario. */
export class Lab {
  readonly ownAddresses: boolean
  /** What clients can watch pods through. */
  readonly kubernetes = new LabKubernetes((args, environment) => this.startListening(args, environment))
  private readonly addresses: LabAddresses
  private readonly dns: DnsServer
  private readonly pods = new Map<string, Promise<LabPod>>()
  private readonly slots = new Map<string, number>()
  private readonly stops: (() => void | Promise<void>)[] = []
  private virtual: Promise<ClusterIp> | undefined
  private readonly ending = new AbortController()

  /** @param maxPods servers that may be asked for. @param singleAddress as if loopback had one address only (macOS). */
  static async open(maxPods: number, singleAddress: boolean): Promise<Lab> {
    const addresses = await chooseAddresses(maxPods, singleAddress)
    return new Lab(addresses, await startDnsServer(addresses.dnsHost))
  }

  private constructor(addresses: LabAddresses, dns: DnsServer) {
    this.addresses = addresses
    this.ownAddresses = addresses.ownAddresses
    this.dns = dns
    this.stops.push(() => dns.close())
  }

  /**
   * Pod number `index`, from 0, started on first use. Scenarios share pods of the same connection age: a pod does not
   * care who calls it. `maxConnectionAgeSeconds` 0 lets connections live for ever.
   * @param owner who has pods of its own; '': whoever asks shares them.
   */
  pod(index: number, maxConnectionAgeSeconds: number, owner = ''): Promise<LabPod> {
    const key = podKey(index, maxConnectionAgeSeconds, owner)
    const pod = this.pods.get(key) ?? this.startPod(index, maxConnectionAgeSeconds, owner)
    this.pods.set(key, pod)
    // One that did not start is no reason never to try again.
    pod.catch(() => this.pods.delete(key))
    return pod
  }

  /** The ClusterIP, opened on first use, with these pods behind it. */
  async clusterIp(pods: readonly LabPod[]): Promise<string> {
    const backends = pods.map(({ address }) => address)
    this.virtual ??= startClusterIp(this.addresses.clusterIp, backends)
    const virtual = await this.virtual
    virtual.setBackends(backends)
    return virtual.address
  }

  /** Lets a name resolve to these pods, and tells the gRPC target that asks the lab's DNS server for it. */
  publish(name: string, pods: readonly LabPod[]): string {
    const parts = pods.map(({ address }) => hostAndPort(address))
    this.dns.setAddresses(
      name,
      parts.map(({ host }) => host),
    )
    return `dns://${this.dns.address}/${name}:${parts[0]?.port}`
  }

  /** The gRPC target of the first `count` pods of that connection age and owner where no name can tell them apart. */
  fixedList(maxConnectionAgeSeconds: number, count: number, owner = ''): string {
    const indices = Array.from({ length: count }, (_, index) => index)
    return `ipv4:${indices.map((index) => this.address(index, maxConnectionAgeSeconds, owner)).join(',')}`
  }

  /** A process that calls `target`. */
  async client(args: readonly string[]): Promise<EchoProcess> {
    // The c-ares resolver asks the DNS server that the target names; the system's resolver would not.
    const environment = { GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true', ...(await this.kubernetes.clientEnvironment()) }
    return this.startListening(args, environment)
  }

  /** Ends every process and closes every address; nothing starts after this. */
  async stop(): Promise<void> {
    this.ending.abort()
    const virtual = this.virtual
    this.virtual = undefined
    await Promise.all([...this.stops.splice(0).map((stop) => stop()), virtual?.then((open) => open.close())])
    await this.kubernetes.close()
  }

  private async startPod(index: number, maxConnectionAgeSeconds: number, owner: string): Promise<LabPod> {
    const name = `pod-${index + 1}`
    const address = this.address(index, maxConnectionAgeSeconds, owner)
    const age = ['--max-connection-age-seconds', String(maxConnectionAgeSeconds)]
    const running = await this.startListening(['-s', '--listen', address, ...age], { POD_NAME: name })
    const end = async (how: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
      this.pods.delete(podKey(index, maxConnectionAgeSeconds, owner))
      if (how === 'SIGTERM') return running.stop()
      running.kill(how)
      await running.exited
    }
    return { name, address, end }
  }

  private startListening(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<EchoProcess> {
    return this.start([...args, '--admin-listen', '127.0.0.1:0'], environment)
  }

  /** Notes a process before it is up: the lab may be stopped while it still starts. One that failed has ended already. */
  private start(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<EchoProcess> {
    if (this.ending.signal.aborted)
      throw new EvenlyError(exitCode.error, 'the lab has stopped: nothing starts in it any more.')
    const starting = startEcho(args, environment, this.ending.signal)
    this.stops.push(() =>
      starting.then(
        (running) => running.stop(),
        () => undefined,
      ),
    )
    return starting
  }

  /** Addresses are given out in the order they are asked for. */
  private address(index: number, maxConnectionAgeSeconds: number, owner: string): string {
    const key = podKey(index, maxConnectionAgeSeconds, owner)
    const slot = this.slots.get(key) ?? this.slots.size
    this.slots.set(key, slot)
    return this.addresses.server(slot)
  }
}

const podKey = (index: number, maxConnectionAgeSeconds: number, owner: string): string =>
  `${owner}/${maxConnectionAgeSeconds}/${index}`
