import type { ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js'
import type { DurationMessage, LoadReport, LoadReportRequest } from '../balancing/load-reports/orca-service.ts'
import type { LoadSource } from './load-source.ts'

/**
 * Streams load reports to whoever asks: one at once, then one in each period that the client wishes, from 0.1 s to an hour (10 s
 * where it does not say). grpc-js's own recorder waits for the first period to pass, takes any period, and goes on with a stream
 * that a drain has ended.
 */
export function loadReportHandlers(source: LoadSource): UntypedServiceImplementation {
  return {
    StreamCoreMetrics(call: ServerWritableStream<LoadReportRequest, LoadReport>): void {
      const send = () => {
        // Who does not read gets the next one when it does.
        if (!call.writableNeedDrain) call.write(source.report())
      }
      send()
      const timer = setInterval(send, periodMilliseconds(call.request.report_interval)).unref()
      for (const event of ['cancelled', 'finish', 'close']) call.on(event, () => clearInterval(timer))
    },
  }
}

function periodMilliseconds(wish: DurationMessage | null): number {
  const wished = wish === null ? 10_000 : Number(wish.seconds) * 1000 + wish.nanos / 1e6
  return Math.min(3_600_000, Math.max(100, wished))
}
