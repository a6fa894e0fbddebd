import { benchChart } from './chart.ts'
import { benchCheck } from './check.ts'
import { benchEcho } from './echo.ts'
import { benchMetrics } from './metrics.ts'
import { benchPage } from './page.ts'

// npm run bench -- NAME
const benchmarks: Record<string, () => Promise<void>> = {
  echo: benchEcho,
  chart: benchChart,
  check: benchCheck,
  metrics: benchMetrics,
  page: benchPage,
}

const run = benchmarks[process.argv[2] ?? '']
if (run) {
  await run()
} else {
  console.error(`bench: name one of: ${Object.keys(benchmarks).join(', ')}. Such as: npm run bench -- echo`)
  process.exitCode = 64
}
