import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Answer, decode, encode } from 'dns-packet'

/** A name server on loopback, answering A records as a headless Service's name is answered in a cluster. */
export interface DnsServer {
  /** `address:port`, the authority of a `dns://` target. */
  readonly address: string
  /** Sets the addresses of a name; an empty list makes the name unknown. */
  setAddresses(name: string, addresses: readonly string[]): void
  close(): void
}

/** Starts on `host` and a port of the system's choice. Answers live 0 seconds, so that nobody keeps an old one. */
export async function startDnsServer(host: string): Promise<DnsServer> {
  const records = new Map<string, readonly string[]>()
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const reply = answer(message, records)
    if (reply) socket.send(reply, from.port, from.address)
  })
  socket.bind(0, host)
  await once(socket, 'listening')
  return {
    address: `${host}:${socket.address().port}`,
    setAddresses: (name, addresses) => records.set(name.toLowerCase(), addresses),
    close: () => socket.close(),
  }
}

const authoritativeAnswer = 1 << 10
const nameError = 3

/** The answer to one query; undefined for what is no query. Other types than A get an empty answer. */
function answer(message: Buffer, records: ReadonlyMap<string, readonly string[]>): Buffer | undefined {
  const query = parse(message)
  const question = query?.questions?.[0]
  if (query === undefined || question === undefined) return undefined
  const addresses = records.get(question.name.toLowerCase()) ?? []
  const answers: Answer[] =
    question.type === 'A' ? addresses.map((data) => ({ type: 'A', name: question.name, ttl: 0, data })) : []
  const flags = authoritativeAnswer | (addresses.length === 0 ? nameError : 0)
  return encode({ type: 'response', id: query.id ?? 0, flags, questions: [question], answers })
}

function parse(message: Buffer): ReturnType<typeof decode> | undefined {
  try {
    return decode(message)
  } catch {
    return undefined
  }
}
