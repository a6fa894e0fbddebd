import { hostAndPort } from '../lib/address.ts'
import { chooseAddresses, type LabAddresses } from './addresses.ts'
import { startClusterIp } from './cluster-ip.ts'
import { type DnsServer, startDnsServer } from './dns-server.ts'
import { type EchoProcess, startEcho } from './echo-process.ts'

/** A server of the lab, as a scenario sees it. */
export interface LabPod {
  readonly name: string
  /** `address:port`. */
  readonly address: string
}

/** Servers, addresses and names on loopback: what a cluster gives a scenario. */
export class Lab {
  readonly ownAddresses: boolean
  private readonly addresses: LabAddresses
  private readonly dns: DnsServer
  private readonly pods = new Map<string, Promise<LabPod>>()
  private readonly slots = new Map<string, number>()
  private readonly stops: (() => void | Promise<void>)[] = []

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
   */
  pod(index: number, maxConnectionAgeSeconds: number): Promise<LabPod> {
    const key = podKey(index, maxConnectionAgeSeconds)
    const pod = this.pods.get(key) ?? this.startPod(index, maxConnectionAgeSeconds)
    this.pods.set(key, pod)
    return pod
  }

  /** A ClusterIP in front of these pods. */
  async clusterIp(pods: readonly LabPod[]): Promise<string> {
    const backends = pods.map(({ address }) => address)
    const clusterIp = await startClusterIp(this.addresses.clusterIp, backends)
    this.stops.push(() => clusterIp.close())
    return clusterIp.address
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

  /** The gRPC target of the first `count` pods of that connection age where no name can tell them apart. */
  fixedList(maxConnectionAgeSeconds: number, count: number): string {
    const indices = Array.from({ length: count }, (_, index) => index)
    return `ipv4:${indices.map((index) => this.address(index, maxConnectionAgeSeconds)).join(',')}`
  }

  /** A process that calls `target`. */
  async client(args: readonly string[]): Promise<EchoProcess> {
    // The c-ares resolver asks the DNS server that the target names; the system's resolver would not.
    const environment = { GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true' }
    return this.started(startEcho([...args, '--admin-listen', '127.0.0.1:0'], environment))
  }

  /** Ends every process and closes every address. */
  async stop(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()))
  }

  private async startPod(index: number, maxConnectionAgeSeconds: number): Promise<LabPod> {
    const name = `pod-${index + 1}`
    const address = this.address(index, maxConnectionAgeSeconds)
    const age = ['--max-connection-age-seconds', String(maxConnectionAgeSeconds)]
    const args = ['-s', '--listen', address, '--admin-listen', '127.0.0.1:0', ...age]
    await this.started(startEcho(args, { POD_NAME: name }))
    return { name, address }
  }

  /** Notes a process before it is up: the lab may be stopped while it still starts. One that failed has ended already. */
  private started(starting: Promise<EchoProcess>): Promise<EchoProcess> {
    this.stops.push(() =>
      starting.then(
        (running) => running.stop(),
        () => undefined,
      ),
    )
    return starting
  }

  /** Addresses are given out in the order they are asked for. */
  private address(index: number, maxConnectionAgeSeconds: number): string {
    const key = podKey(index, maxConnectionAgeSeconds)
    const slot = this.slots.get(key) ?? this.slots.size
    this.slots.set(key, slot)
    return this.addresses.server(slot)
  }
}

const podKey = (index: number, maxConnectionAgeSeconds: number): string => `${maxConnectionAgeSeconds}/${index}`
