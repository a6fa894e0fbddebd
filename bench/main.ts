import { benchChart } from './chart.ts'
import { benchCheck } from './check.ts'
import { benchEcho } from './echo.ts'
import { benchLeastRequest } from './least-request.ts'
import { benchMetrics } from './metrics.ts'
import { benchPage } from './page.ts'
import { benchResolver } from './resolver.ts'

// npm run bench -- NAME
const benchmarks: Record<string, () => Promise<void>> = {
  echo: benchEcho,
  chart: benchChart,
  check: benchCheck,
  'least-request': benchLeastRequest,
  metrics: benchMetrics,
  page: benchPage,
  resolver: benchResolver,
  // It looks for Go and buildah as soon as it is loaded.
  propagation: async () => (await import('./propagation.ts')).benchPropagation(),
}

const run = benchmarks[process.argv[2] ?? '']
if (run) {
  await run()
} else {
  console.error(`bench: name one of: ${Object.keys(benchmarks).join(', ')}. Such as: npm run bench -- echo`)
  process.exitCode = 64
}
