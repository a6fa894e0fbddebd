import {
  type ChannelInterface,
  Client,
  type ClientReadableStream,
  credentials,
  experimental as grpc,
  Metadata,
  type StatusObject,
  status,
} from '@grpc/grpc-js'
import { type LoadReport, type LoadReportRequest, orcaService } from './orca-service.ts'

/** What a stream of load reports needs to know. */
export interface ReportListener {
  /** How often the server is asked to report. It may report less often. */
  readonly periodSeconds: number
  readonly reported: (report: LoadReport) => void
  /** The server does not report its load; it is not asked again. */
  readonly unsupported: () => void
}

/**
 * Asks one server for its load reports, over the connection that calls use too. A stream that ends is opened again, after 1 s at
 * first and up to 2 min in the end (gRFC A51); a server that does not know the service is left alone.
 */
export class ReportStream {
  /** The channel of one connection, as `SubchannelInterface.getChannel` gives it. */
  readonly channel: ChannelInterface
  private readonly listener: ReportListener
  private readonly client: Client
  private readonly backoff = new grpc.BackoffTimeout(() => this.open())
  private call: ClientReadableStream<LoadReport> | undefined
  private started = Promise.resolve()
  private closed = false

  constructor(channel: ChannelInterface, listener: ReportListener) {
    this.channel = channel
    this.listener = listener
    this.backoff.unref()
    const channelOverride = this.heeding(channel)
    this.client = new Client('unused', credentials.createInsecure(), { channelOverride })
    this.open()
  }

  close(): void {
    this.closed = true
    this.backoff.stop()
    // grpc-js forgets a call that is cancelled before it has a stream.
    this.started.then(() => {
      this.call?.cancel()
      this.client.close()
    })
  }

  private open(): void {
    const { path, requestSerialize, responseDeserialize } = orcaService().StreamCoreMetrics
    const { periodSeconds, reported } = this.listener
    const seconds = Math.floor(periodSeconds)
    const request: LoadReportRequest = {
      report_interval: { seconds, nanos: Math.round((periodSeconds - seconds) * 1e9) },
    }
    this.call = this.client
      .makeServerStreamRequest(path, requestSerialize, responseDeserialize, request)
      .on('data', (report: LoadReport) => {
        if (this.closed) return
        this.backoff.reset()
        reported(report)
      })
      // Told to 'status' too; a stream without this listener would end the process.
      .on('error', () => undefined)
      .on('status', ({ code }: StatusObject) => {
        if (this.closed) return
        if (code === status.UNIMPLEMENTED) this.listener.unsupported()
        else this.backoff.runOnce()
      })
  }

  /**
   * The channel with calls that fail when they cannot start. grpc-js drops the promise of a start, so that a connection lost
   * just then would end the process.
   */
  private heeding(channel: ChannelInterface): ChannelInterface {
    const createCall: ChannelInterface['createCall'] = (...args) => {
      const call = channel.createCall(...args)
      const start = call.start.bind(call) as (...args: Parameters<typeof call.start>) => void | Promise<void>
      call.start = (metadata, listener) => {
        this.started = Promise.resolve(start(metadata, listener)).catch((error: Error) =>
          listener.onReceiveStatus({ code: status.UNAVAILABLE, details: error.message, metadata: new Metadata() }),
        )
      }
      return call
    }
    return Object.assign(Object.create(channel) as ChannelInterface, { createCall })
  }
}
