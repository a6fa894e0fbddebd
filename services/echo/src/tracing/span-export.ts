import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'

/**
 * Sends spans over OTLP, HTTP/protobuf, as the environment says. A collector that is away is told of once, and once more when
 * it is back; the spans that it missed are gone.
 */
export class SpanExport implements SpanExporter {
  private readonly inner = new OTLPTraceExporter()
  private readonly endpoint: string
  private readonly say: (line: string) => void
  private failing = false

  constructor(endpoint: string, say: (line: string) => void) {
    this.endpoint = endpoint
    this.say = say
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.inner.export(spans, (result) => {
      const failed = result.code !== ExportResultCode.SUCCESS
      if (failed !== this.failing) {
        const lost = `traces: ${this.endpoint} takes no spans (${reasonOf(result.error)}): they are dropped, and calls go on`
        this.say(failed ? lost : `traces: ${this.endpoint} takes spans again`)
      }
      this.failing = failed
      // The processor has nothing to do with a failure but to report it, which is done.
      done({ code: ExportResultCode.SUCCESS })
    })
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown()
  }
}

/** Node tells of several addresses that refuse in an error without a message. */
function reasonOf(error: (Error & { code?: unknown }) | undefined): string {
  return [error?.code, error?.message].filter(Boolean).join(' ') || 'no reason given'
}
