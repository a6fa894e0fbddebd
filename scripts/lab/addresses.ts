import { once } from 'node:events'
import { createServer } from 'node:net'

/** Where the lab's servers listen. */
export interface LabAddresses {
  /** Address of server number `index`, from 0, as `address:port`. */
  readonly server: (index: number) => string
  /** Address that stands in for a ClusterIP. */
  readonly clusterIp: string
  /** Address of the lab's DNS server; its port is for the server to choose. */
  readonly dnsHost: string
  /**
   * Whether servers differ by address and share a port, as pods do: then names can resolve to them. False where loopback
   * has one address (macOS): servers then differ by port, which an A record cannot tell.
   */
  readonly ownAddresses: boolean
}

/** Chooses free loopback addresses for up to `servers` servers; `singleAddress` asks for the macOS way anywhere. */
export async function chooseAddresses(servers: number, singleAddress = false): Promise<LabAddresses> {
  if (singleAddress || !(await canListen('127.0.0.2', 0))) return chooseSingleAddress(servers)
  for (let attempt = 0; attempt < 20; attempt++) {
    const subnet = `127.${between(1, 254)}.${between(0, 255)}`
    const port = between(20_000, 30_000)
    const hosts = Array.from({ length: servers }, (_, index) => `${subnet}.${11 + index}`)
    const free = await Promise.all([...hosts, `${subnet}.10`].map((host) => canListen(host, port)))
    if (free.includes(false)) continue
    return {
      server: (index) => `${hosts[index]}:${port}`,
      clusterIp: `${subnet}.10:${port}`,
      dnsHost: `${subnet}.53`,
      ownAddresses: true,
    }
  }
  throw new Error('found no free loopback addresses in 20 attempts')
}

async function chooseSingleAddress(servers: number): Promise<LabAddresses> {
  const probes = await Promise.all(Array.from({ length: servers + 1 }, () => listenOn('127.0.0.1', 0)))
  const ports = probes.map((probe) => (probe.address() as { port: number }).port)
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))))
  return {
    server: (index) => `127.0.0.1:${ports[index + 1]}`,
    clusterIp: `127.0.0.1:${ports[0]}`,
    dnsHost: '127.0.0.1',
    ownAddresses: false,
  }
}

async function canListen(host: string, port: number): Promise<boolean> {
  try {
    const probe = await listenOn(host, port)
    await new Promise((resolve) => probe.close(resolve))
    return true
  } catch {
    return false
  }
}

async function listenOn(host: string, port: number) {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  return server
}

const between = (low: number, high: number): number => low + Math.floor(Math.random() * (high - low + 1))
